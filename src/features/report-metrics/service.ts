import { inSnapshot } from '#features/reports/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest } from '#shared/errors.ts';
import { evaluationMetric, METRICS, type MetricDefinition, metricIds, vulnerabilityMetric } from './catalogue.ts';
import { expireSamples, insertSamples, newestSample, type Readings, readSeries } from './sample-store.ts';
import { countImages, countVerdicts } from './tally-store.ts';
import { type AnsweredMatch, countVulnerabilities } from './vulnerability-count.ts';

export interface MetricDependencies {
  database: Database;
  /** Matches that a distribution answers for, as reports leave them out. */
  answeredMatches?(db: Db): Promise<readonly AnsweredMatch[]>;
  now?(): Date;
}

/** A metric with its values over time. */
export interface MetricSeries extends MetricDefinition {
  points: { at: Date; value: number }[];
}

/** Most points of a series. */
const MAX_POINTS = 5_000;
/** Samples asked for sooner after one another than this are one. */
const PAUSE_MS = 5_000;
/** Longest time of a statement of a sample. */
const STATEMENT_SECONDS = 120;

/** Counts what the metrics tell, and keeps it. */
export function createMetricService({ database, answeredMatches, now = () => new Date() }: MetricDependencies) {
  const { db } = database;

  /** Counts for one account or for all, at one moment; every metric has a value, be it 0. */
  async function measure(on: Db, account: string | undefined, signal: AbortSignal): Promise<Map<string, Readings>> {
    const zero = Object.fromEntries(METRICS.map(({ id }) => [id, 0]));
    const samples = new Map<string, Readings>();
    for (const row of await countImages(on, account))
      samples.set(row.account, {
        ...zero,
        'images.total': row.total,
        'images.analyzed': row.analyzed,
        'images.analysis_failed': row.failed,
        'tags.current': row.tags,
      });
    const add = (owner: string, id: string, value: number): void => {
      const readings = samples.get(owner);
      if (readings && id in zero) readings[id] = (readings[id] ?? 0) + value;
    };
    const answered = (await answeredMatches?.(on)) ?? [];
    for (const row of await countVulnerabilities(on, { account, answered, signal })) {
      for (const collection of ['every', 'current'] as const)
        for (const [severity, value] of Object.entries(row[collection]))
          add(row.account, vulnerabilityMetric(collection === 'every' ? 'all' : 'current', severity), value);
      add(row.account, 'vulnerabilities.tags.current.known_exploited', row.exploited);
      add(row.account, 'vulnerabilities.tags.current.fixable', row.fixable);
    }
    signal.throwIfAborted();
    for (const row of await countVerdicts(on, account)) {
      const reason = OLD_REASONS[row.reason] ?? row.reason;
      add(row.account, evaluationMetric('all', row.status, reason), row.every);
      add(row.account, evaluationMetric('current', row.status, reason), row.current);
      add(row.account, 'tags.current.evaluated', row.current);
    }
    return samples;
  }

  /** Takes a sample of one account or of all, and returns when; one that was taken a moment ago is enough. */
  async function sample(account: string | undefined, signal = new AbortController().signal): Promise<Date> {
    const at = now();
    const newest = account === undefined ? undefined : await newestSample(db, account);
    if (newest && at.getTime() - newest.getTime() < PAUSE_MS) return newest;
    const measured = await inSnapshot(database, { signal, seconds: STATEMENT_SECONDS }, (on) =>
      measure(on, account, signal),
    );
    await insertSamples(db, at, measured);
    return at;
  }

  return {
    sample,

    /** Takes a sample of all accounts unless the newest one is younger than this. */
    async sampleWhenDue(olderThanMs: number, signal: AbortSignal): Promise<void> {
      const newest = await newestSample(db, undefined);
      if (!newest || now().getTime() - newest.getTime() >= olderThanMs) await sample(undefined, signal);
    },

    /** Values over time: of each step the last one. Throws AppError 400 for ids that do not exist and too many points. */
    async series(
      account: string,
      query: {
        metrics?: string[] | undefined;
        start?: Date | undefined;
        end?: Date | undefined;
        stepSeconds?: number | undefined;
      },
    ): Promise<{ from: Date; to: Date; stepSeconds: number; series: MetricSeries[] }> {
      const to = query.end ?? now();
      const from = query.start ?? new Date(to.getTime() - 7 * 86_400_000);
      const stepSeconds = query.stepSeconds ?? 3_600;
      if (from.getTime() >= to.getTime()) throw badRequest("'start' must be before 'end'");
      if ((to.getTime() - from.getTime()) / 1000 / stepSeconds > MAX_POINTS)
        throw badRequest(`more than ${MAX_POINTS} points: take a longer step or a shorter time`);
      const ids = new Set((query.metrics ?? ['*']).flatMap(known));
      // One that is taken in this very moment belongs to the series.
      const rows = await readSeries(database.db, account, { from, to: new Date(to.getTime() + 1), stepSeconds });
      const series = METRICS.filter(({ id }) => ids.has(id)).map((metric) => ({
        ...metric,
        points: rows.flatMap(({ collected_at: at, readings }) => {
          const value = readings[metric.id];
          return value === undefined ? [] : [{ at, value }];
        }),
      }));
      return { from, to, stepSeconds, series };
    },

    expire: (days: number) => expireSamples(db, new Date(now().getTime() - days * 86_400_000)),
  };
}

export type MetricService = ReturnType<typeof createMetricService>;

/** Metric ids keep the words that clients know. */
const OLD_REASONS: Record<string, string> = { allowlisted: 'whitelisted', denylisted: 'blacklisted' };

function known(wanted: string): string[] {
  const ids = metricIds(wanted);
  if (ids.length === 0) throw badRequest(`there is no metric '${wanted}'`);
  return ids;
}
