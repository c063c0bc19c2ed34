/** Scores of a vector: base, and where the version has them its exploitability and impact parts. */
export interface CvssScores {
  base: number;
  exploitability?: number;
  impact?: number;
}

/** Metrics of a vector `AV:N/AC:L/…`, by name. */
export function metricsOf(vector: string): Map<string, string> {
  const metrics = new Map<string, string>();
  for (const part of vector.replace(/^\(|\)$/g, '').split('/')) {
    const colon = part.indexOf(':');
    if (colon > 0) metrics.set(part.slice(0, colon).toUpperCase(), part.slice(colon + 1).toUpperCase());
  }
  return metrics;
}

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  AU: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
};

/** Scores of a CVSS v2 vector by the base equation of the FIRST guide §3.2.1. Undefined when a metric is missing. */
export function cvss2(vector: string): CvssScores | undefined {
  const metrics = metricsOf(vector);
  const weight = (name: string): number => WEIGHTS[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const impact = 10.41 * (1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A')));
  const exploitability = 20 * weight('AV') * weight('AC') * weight('AU');
  const base = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  if (Number.isNaN(base)) return undefined;
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return {
    base: Math.min(10, Math.max(0, tenth(base))),
    exploitability: tenth(exploitability),
    impact: Math.min(10, tenth(impact)),
  };
}
