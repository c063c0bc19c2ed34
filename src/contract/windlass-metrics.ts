import { z } from 'zod';
import { queryInteger, queryList, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** A metric with its values over time. */
export const MetricSeries = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    points: z.array(z.object({ at: timestamp, value: z.number() })),
  })
  .meta({ id: 'MetricSeries' });
export type MetricSeries = z.output<typeof MetricSeries>;

/** Series of a window; of each step the last value. */
export const MetricSeriesList = z
  .object({ start: timestamp, end: timestamp, step_seconds: z.int(), items: z.array(MetricSeries) })
  .meta({ id: 'MetricSeriesList' });

/** When a sample was taken. */
export const MetricSample = z.object({ collected_at: timestamp }).meta({ id: 'MetricSample' });

/** Operations of metrics over time. */
export const windlassMetricsOperations = {
  /** Values over time, for charts. */
  list_metric_series: defineOperation({
    id: 'list_metric_series',
    method: 'GET',
    path: '/windlass/metrics',
    tag: 'Windlass',
    summary: 'Read metrics of the account over time',
    permission: { action: 'viewReports', domain: 'account' },
    query: z.object({
      metric: queryList(z.string()).optional(),
      start: queryTime().optional(),
      end: queryTime().optional(),
      step_seconds: queryInteger({ min: 60, max: 31_536_000 }).optional(),
    }),
    success: { status: 200, schema: MetricSeriesList },
    errors: [400, 403, 500],
  }),
  /** Counts at once instead of at the next hour. */
  take_metric_sample: defineOperation({
    id: 'take_metric_sample',
    method: 'POST',
    path: '/windlass/metrics/samples',
    tag: 'Windlass',
    summary: 'Take a sample of all metrics of the account',
    permission: { action: 'manageReports', domain: 'account' },
    success: { status: 200, schema: MetricSample },
    errors: [403, 500],
  }),
};
