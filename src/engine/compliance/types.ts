/** Outcome of one rule, in the words of XCCDF 1.2 (NISTIR 7275r4, table 26). */
export const RULE_OUTCOMES = [
  'pass',
  'fail',
  'error',
  'unknown',
  'notapplicable',
  'notchecked',
  'notselected',
  'informational',
  'fixed',
] as const;
export type RuleOutcome = (typeof RULE_OUTCOMES)[number];

/** Severity of a rule, in the words of XCCDF. */
export const RULE_SEVERITIES = ['unknown', 'info', 'low', 'medium', 'high'] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** What a run as a whole says; `inconclusive`: nothing was really tested. */
export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
export type ComplianceVerdict = (typeof VERDICTS)[number];

/** A name from a scheme such as CCE or CCI. */
export interface RuleIdent {
  system: string;
  value: string;
}

/** A pointer into another catalogue, e.g. `CM-6(a)` of NIST SP 800-53. */
export interface RuleReference {
  href: string;
  text: string;
}

/** What a benchmark says about a rule. Texts are plain: markup is dropped. */
export interface RuleDefinition {
  id: string;
  title: string;
  severity: RuleSeverity;
  /** Short name of the rule in its catalogue, e.g. a STIG id. */
  version?: string;
  description?: string;
  rationale?: string;
  /** How to set it right. */
  fix?: string;
  /** How to check it by hand. */
  check?: string;
  /** The group that the rule stands in, e.g. `V-230221`. */
  group?: string;
  idents: RuleIdent[];
  references: RuleReference[];
}

/** One rule as it was tested. A rule with several instances comes several times. */
export interface RuleResult {
  rule: RuleDefinition;
  result: RuleOutcome;
  /** RFC 3339, when the file says so. */
  time?: string;
  weight?: number;
  messages: string[];
  /** What was checked, e.g. an OVAL definition. */
  check?: string;
  instance?: string;
}

/** A score by one of the scoring models of XCCDF. */
export interface Score {
  system: string;
  value: number;
  maximum?: number;
}

/** Something that was left out or could not be understood; the rest of the report holds. */
export interface ReportProblem {
  code: string;
  message: string;
}

/** Rules by outcome; outcomes that did not occur are absent. */
export type OutcomeCounts = Partial<Record<RuleOutcome, number>>;

/** One run of a checking program, read from its result file. */
export interface ComplianceReport {
  format: 'xccdf-1.1' | 'xccdf-1.2' | 'arf';
  benchmark: { id?: string; title?: string; version?: string };
  profile: { id?: string; title?: string };
  /** Name of what was checked, as the checking program saw it. */
  target?: string;
  /** The checking program, as a CPE name or free text. */
  testSystem?: string;
  startedAt?: string;
  endedAt?: string;
  scores: Score[];
  results: RuleResult[];
  counts: OutcomeCounts;
  verdict: ComplianceVerdict;
  problems: ReportProblem[];
}

/** Bounds of reading one file. */
export interface ReadLimits {
  /** Bytes of the file, decompressed. */
  bytes: number;
  depth: number;
  elements: number;
  /** Rule results that are kept; more are only counted. */
  results: number;
  /** Characters of one text that are kept. */
  text: number;
}

/** Bounds far above what the largest public benchmarks need. */
export const DEFAULT_READ_LIMITS: ReadLimits = {
  bytes: 256 * 1024 * 1024,
  depth: 200,
  elements: 5_000_000,
  results: 20_000,
  text: 8_000,
};

/** Why a file cannot be read; the message is meant for the person who sent it. */
export class ComplianceReadError extends Error {
  override readonly name = 'ComplianceReadError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
