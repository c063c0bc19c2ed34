import calculator from 'ae-cvss-calculator';
import type { CvssScores } from './v2.ts';
import { metricsOf } from './v2.ts';

/** Base metrics and their values, CVSS v4.0 §2. */
const BASE: Readonly<Record<string, string>> = {
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'HLN',
  SI: 'HLN',
  SA: 'HLN',
};

/**
 * Base score of a CVSS v4.0 vector (FIRST specification §8: macro vectors with interpolation). Threat and environmental
 * metrics are left out, so that scores of all sources compare. Undefined when a base metric is missing or unknown.
 */
export function cvss4(vector: string): CvssScores | undefined {
  const metrics = metricsOf(vector);
  const parts: string[] = [];
  for (const [name, values] of Object.entries(BASE)) {
    const value = metrics.get(name);
    if (value === undefined || value.length !== 1 || !values.includes(value)) return undefined;
    parts.push(`${name}:${value}`);
  }
  return { base: new calculator.Cvss4P0(`CVSS:4.0/${parts.join('/')}`).calculateScores().base ?? 0 };
}
