import type { ComplianceOutcome, ComplianceVerdict } from '#contract/windlass-compliance.ts';

const VERDICTS = ['pass', 'fail', 'inconclusive'] as const satisfies readonly ComplianceVerdict[];
const OUTCOMES = [
  'fail',
  'error',
  'unknown',
  'pass',
  'fixed',
  'informational',
  'notchecked',
  'notapplicable',
  'notselected',
] as const satisfies readonly ComplianceOutcome[];
/** Severities of rules, the worst first. */
export const RULE_SEVERITIES = ['high', 'medium', 'low', 'info', 'unknown'] as const;

/** Filters of the list of checks, as they stand in the address. */
export interface ChecksSearch {
  verdict?: ComplianceVerdict;
  namespace?: string;
  image?: string;
}

/** What is shown of one check, as it stands in the address. */
export interface CheckSearch {
  result?: ComplianceOutcome[];
  severity?: string[];
  /** The check that it is compared with. */
  before?: string;
}

/** Reads the address of the list; what it does not understand is left out. */
export function checksSearch(raw: Record<string, unknown>): ChecksSearch {
  const verdict = VERDICTS.find((one) => one === raw.verdict);
  return {
    ...(verdict ? { verdict } : {}),
    ...(typeof raw.namespace === 'string' && raw.namespace ? { namespace: raw.namespace } : {}),
    ...(typeof raw.image === 'string' && raw.image ? { image: raw.image } : {}),
  };
}

/** Reads the address of one check; what it does not understand is left out. */
export function checkSearch(raw: Record<string, unknown>): CheckSearch {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const result = OUTCOMES.filter((one) => list(raw.result).includes(one));
  const severity = RULE_SEVERITIES.filter((one) => list(raw.severity).includes(one));
  return {
    ...(result.length ? { result } : {}),
    ...(severity.length ? { severity } : {}),
    ...(typeof raw.before === 'string' && raw.before ? { before: raw.before } : {}),
  };
}
