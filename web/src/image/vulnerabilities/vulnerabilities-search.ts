import { SEVERITIES, type Severity } from '../../severity/severity.ts';

/** What a fix is: one exists, none is known, or the vendor will make none. */
export const FIX_STATES = ['fixed', 'none', 'wont-fix'] as const;
export type FixState = (typeof FIX_STATES)[number];

/** Filters of the vulnerabilities, as they stand in the address. */
export interface VulnerabilitiesSearch {
  severity?: Severity[];
  fix?: FixState;
  type?: string;
  kev?: true;
  /** Show also what was said to be fixed, or not to affect the image. */
  settled?: true;
}

/** Reads the address; what it does not understand is left out. */
export function vulnerabilitiesSearch(raw: Record<string, unknown>): VulnerabilitiesSearch {
  const wanted = Array.isArray(raw.severity) ? raw.severity : [];
  const severity = SEVERITIES.filter((one) => wanted.includes(one));
  const fix = FIX_STATES.find((one) => one === raw.fix);
  return {
    ...(severity.length ? { severity } : {}),
    ...(fix ? { fix } : {}),
    ...(typeof raw.type === 'string' && raw.type ? { type: raw.type } : {}),
    ...(raw.kev === true ? { kev: true } : {}),
    ...(raw.settled === true ? { settled: true } : {}),
  };
}
