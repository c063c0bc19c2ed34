import { windlassMetricsOperations } from '#contract/windlass-metrics.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { MetricService } from './service.ts';

/** Handlers of the metrics operations. */
export function metricRoutes(metrics: MetricService): BoundOperation[] {
  return bindOperations(windlassMetricsOperations, {
    async list_metric_series({ account, query }) {
      const { metric, step_seconds: stepSeconds, start, end } = query;
      const found = await metrics.series(account, { metrics: metric, start, end, stepSeconds });
      return {
        start: found.from.toISOString(),
        end: found.to.toISOString(),
        step_seconds: found.stepSeconds,
        items: found.series.map(({ id, name, description, points }) => ({
          id,
          name,
          description,
          points: points.map(({ at, value }) => ({ at: at.toISOString(), value })),
        })),
      };
    },
    take_metric_sample: async ({ account, signal }) => ({
      collected_at: (await metrics.sample(account, signal)).toISOString(),
    }),
  });
}
