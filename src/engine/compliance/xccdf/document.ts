import type { RuleDefinition, RuleIdent, RuleOutcome, RuleSeverity, Score } from '../types.ts';

/** A benchmark as far as a run needs it. */
export interface Benchmark {
  id?: string;
  title?: string;
  version?: string;
  rules: Map<string, RuleDefinition>;
  /** Titles of profiles by id. */
  profiles: Map<string, string>;
}

/** One `rule-result` as it stands in the file. */
export interface RawRuleResult {
  id: string;
  result: RuleOutcome;
  severity?: RuleSeverity;
  time?: string;
  weight?: number;
  idents: RuleIdent[];
  messages: string[];
  check?: string;
  instance?: string;
}

/** One `TestResult` as it stands in the file. */
export interface TestResult {
  version: '1.1' | '1.2';
  benchmarkId?: string;
  benchmarkVersion?: string;
  profileId?: string;
  target?: string;
  testSystem?: string;
  startedAt?: string;
  endedAt?: string;
  scores: Score[];
  results: RawRuleResult[];
  /** Outcomes of all results, also of those that were not kept. */
  outcomes: Map<RuleOutcome, number>;
  /** Results with a word that is no outcome. */
  strange: number;
}

/** An RFC 3339 time; xs:dateTime without a zone is read as UTC. Undefined when it is no time. */
export function readTime(text: string | undefined): string | undefined {
  const match = /^\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?\s*$/.exec(text ?? '');
  if (!match) return undefined;
  const time = new Date(`${match[1]}${match[2] ?? 'Z'}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** A finite number, else undefined. */
export function readNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
