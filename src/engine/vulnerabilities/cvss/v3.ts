import type { CvssScores } from './v2.ts';
import { metricsOf } from './v2.ts';

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const PRIVILEGES = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } } as const;

/** Smallest number with one decimal that is not below the value; integer arithmetic, as v3.1 Appendix A wants. */
function roundUp(value: number): number {
  const integer = Math.round(value * 100_000);
  return integer % 10_000 === 0 ? integer / 100_000 : (Math.floor(integer / 10_000) + 1) / 10;
}

/** Base scores of a CVSS v3.0 or v3.1 vector by the equations of §7.1. Undefined when a metric is missing. */
export function cvss3(vector: string): CvssScores | undefined {
  const metrics = metricsOf(vector);
  const weight = (name: string): number => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const scope = metrics.get('S');
  if (scope !== 'U' && scope !== 'C') return undefined;
  const privileges: number = PRIVILEGES[scope][(metrics.get('PR') ?? '') as 'N' | 'L' | 'H'] ?? Number.NaN;
  const impactBase = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = scope === 'U' ? 6.42 * impactBase : 7.52 * (impactBase - 0.029) - 3.25 * (impactBase - 0.02) ** 15;
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  if (Number.isNaN(impact) || Number.isNaN(exploitability)) return undefined;
  const sum = scope === 'U' ? impact + exploitability : 1.08 * (impact + exploitability);
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return {
    base: impact <= 0 ? 0 : roundUp(Math.min(sum, 10)),
    exploitability: tenth(exploitability),
    impact: Math.max(0, tenth(impact)),
  };
}
