import type { Severity } from '#engine/vulnerabilities/types.ts';
import { usageFailure } from '../failure.ts';

/** Severities, worst first. */
export const SEVERITIES = [
  'Critical',
  'High',
  'Medium',
  'Low',
  'Negligible',
  'Unknown',
] as const satisfies readonly Severity[];

const RANK: Readonly<Record<Severity, number>> = { Critical: 0, High: 1, Medium: 2, Low: 3, Negligible: 4, Unknown: 5 };

/** Negative when `a` is worse. */
export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}

/** Is the severity at least as bad as the threshold? */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return RANK[severity] <= RANK[threshold];
}

/** Reads a severity in any case. Throws CliFailure. */
export function parseSeverity(text: string): Severity {
  const found = SEVERITIES.find((severity) => severity.toLowerCase() === text.trim().toLowerCase());
  if (!found) throw usageFailure(`unknown severity "${text}"`, `Severities: ${SEVERITIES.join(', ').toLowerCase()}.`);
  return found;
}
