import { z } from 'zod';
import { integer } from '../fields.ts';
import { setting } from '../setting.ts';

const UNITS: Record<string, number> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Seconds, as a number or as a number with a unit: `48h`, `2d`, `1w`. */
function duration(fallback: number, min: number, max: number) {
  const read = (value: unknown): unknown => {
    const parts = typeof value === 'string' ? /^\s*(\d{1,9})\s*([wdhms])?\s*$/.exec(value) : null;
    return parts ? Number(parts[1]) * (UNITS[parts[2] ?? 's'] ?? 1) : value;
  };
  return z.preprocess(read, z.int().min(min).max(max)).default(fallback);
}

export const reportRunsArea = {
  title: 'Scheduled reports and metrics',
  schema: z.strictObject({
    max_concurrent_runs: setting(
      {
        env: 'WINDLASS_REPORT_CONCURRENCY',
        aliases: ['ANCHORE_ENTERPRISE_REPORTS_MAX_ASYNC_EXECUTION_THREADS'],
        doc: 'Scheduled queries that one process runs at a time.',
      },
      integer(1, 1, 64),
    ),
    run_timeout: setting(
      {
        env: 'WINDLASS_REPORT_RUN_TIMEOUT',
        aliases: ['ANCHORE_ENTERPRISE_REPORTS_ASYNC_EXECUTION_TIMEOUT'],
        doc: 'Seconds, or a number with a unit such as `48h` or `1w`, after which a run of a scheduled query fails. A schedule may set its own.',
        defaultText: '`48h`',
      },
      duration(172_800, 1, 604_800),
    ),
    max_rows: setting(
      {
        env: 'WINDLASS_REPORT_MAX_ROWS',
        doc: 'Rows at which a run of a scheduled query fails; what it had read is kept.',
      },
      integer(20_000_000, 1, 1_000_000_000),
    ),
    keep_count: setting(
      {
        env: 'WINDLASS_REPORT_KEEP_COUNT',
        doc: 'Results that are kept of a scheduled query that does not say itself how many.',
      },
      integer(30, 1, 10_000),
    ),
    keep_days: setting(
      {
        env: 'WINDLASS_REPORT_KEEP_DAYS',
        doc: 'Days for which results are kept of a scheduled query that does not say itself how long.',
      },
      integer(365, 1, 3_650),
    ),
    metric_days: setting(
      { env: 'WINDLASS_METRIC_DAYS', doc: 'Days for which the hourly samples of metrics are kept.' },
      integer(400, 1, 36_500),
    ),
  }),
};
