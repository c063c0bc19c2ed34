import { z } from 'zod';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { MetricService } from './service.ts';

export const METRICS_JOB = 'report-metrics';

const Payload = z.object({ olderThanSeconds: z.int().optional() });

/** Job, every hour: a sample of all accounts; removes samples beyond `days`. */
export function metricsJob(metrics: MetricService, days: number): JobDefinition<z.output<typeof Payload>> {
  return {
    kind: METRICS_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 300,
    retries: 1,
    async run({ olderThanSeconds = 0 }, job) {
      await metrics.sampleWhenDue(olderThanSeconds * 1000, job.signal);
      await metrics.expire(days);
    },
  };
}
