import type { MetricSeries } from '#contract/windlass-metrics.ts';
import type { FilterValues } from '../reports/report-search.ts';
import { SEVERITIES } from '../severity/severity.ts';
import type { Point } from './chart-scale.ts';

/** Whether all that tags ever pointed to counts, or what they point to now. */
export type Collection = 'all' | 'current';

/** A figure of the overview: a metric or the sum of some, and the report behind it. */
export interface Figure {
  name: string;
  /** CSS colour. */
  color: string;
  metrics: readonly string[];
  /** Drawn until somebody chooses otherwise. */
  first?: true;
  report?: { name: string; values: FilterValues };
}

const EVALUATED = 'evaluations.bundle.active.tags';

/** Figures of vulnerabilities. Each counts once for each tag that has it. */
export function vulnerabilityFigures(collection: Collection): Figure[] {
  const history: FilterValues = collection === 'all' ? { currentOnly: false } : {};
  const severities = SEVERITIES.map((severity, at): Figure => {
    const color = `var(--${severity.toLowerCase()})`;
    const metrics = [`vulnerabilities.tags.${collection}.${severity.toLowerCase()}`];
    const report = { name: 'vulnerabilities-by-tag', values: { ...history, severity: [severity] } };
    return { name: severity, color, metrics, report, ...(at < 3 ? { first: true } : {}) };
  });
  if (collection === 'all') return severities;
  return [
    ...severities,
    {
      name: 'Known exploited',
      color: 'var(--mantine-color-grape-6)',
      metrics: ['vulnerabilities.tags.current.known_exploited'],
      report: { name: 'vulnerabilities-by-tag', values: { isKev: true } },
    },
    {
      name: 'With a fix',
      color: 'var(--good)',
      metrics: ['vulnerabilities.tags.current.fixable'],
      report: { name: 'vulnerabilities-by-tag', values: { fixAvailable: true } },
    },
  ];
}

/** Figures of verdicts of the active policy on tags. */
export function evaluationFigures(collection: Collection): Figure[] {
  const report = (values: FilterValues) => ({
    name: 'policy-history',
    values: { currentOnly: collection === 'current', latestOnly: true, activeOnly: true, ...values },
  });
  const one = (status: 'pass' | 'fail', reason: string) => `${EVALUATED}.${collection}.${status}.${reason}`;
  return [
    {
      name: 'Pass',
      color: 'var(--good)',
      metrics: ['policy_evaluation', 'whitelisted'].map((reason) => one('pass', reason)),
      first: true,
      report: report({ result: 'Pass' }),
    },
    {
      name: 'Fail',
      color: 'var(--critical)',
      metrics: ['policy_evaluation', 'blacklisted', 'error'].map((reason) => one('fail', reason)),
      first: true,
      report: report({ result: 'Fail' }),
    },
    {
      name: 'Allowed by list',
      color: 'var(--low)',
      metrics: [one('pass', 'whitelisted')],
      report: report({ result: 'Pass', reason: 'allowlisted' }),
    },
    {
      name: 'Denied by list',
      color: 'var(--high)',
      metrics: [one('fail', 'blacklisted')],
      report: report({ result: 'Fail', reason: 'denylisted' }),
    },
    {
      name: 'Policy could not be applied',
      color: 'var(--unknown)',
      metrics: [one('fail', 'error')],
      report: report({ result: 'Fail', reason: 'error' }),
    },
  ];
}

/** Figures of what there is. */
export function stockFigures(): Figure[] {
  return [
    { name: 'Images', color: 'var(--mantine-color-tide-6)', metrics: ['images.total'], first: true },
    { name: 'Analysed', color: 'var(--good)', metrics: ['images.analyzed'], first: true },
    { name: 'Failed analyses', color: 'var(--critical)', metrics: ['images.analysis_failed'] },
    { name: 'Tags', color: 'var(--low)', metrics: ['tags.current'], first: true },
    { name: 'Tags with a verdict', color: 'var(--medium)', metrics: ['tags.current.evaluated'] },
  ];
}

/** Points of a figure: the sum of its metrics at each time that all of them have. */
export function pointsOf(figure: Figure, series: readonly MetricSeries[]): Point[] {
  const sums = new Map<number, { value: number; count: number }>();
  for (const { id, points } of series) {
    if (!figure.metrics.includes(id)) continue;
    for (const { at, value } of points) {
      const time = Date.parse(at);
      const sum = sums.get(time) ?? { value: 0, count: 0 };
      sums.set(time, { value: sum.value + value, count: sum.count + 1 });
    }
  }
  return [...sums]
    .filter(([, { count }]) => count === figure.metrics.length)
    .map(([at, { value }]) => ({ at, value }))
    .sort((a, b) => a.at - b.at);
}
