import { z } from 'zod';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { IntegrationService } from './service.ts';

export const INTEGRATION_WATCH_JOB = 'integration-watch';

/** Job: notices agents that fell silent, and removes health reports older than `days`. */
export function integrationWatchJob(
  integrations: Pick<IntegrationService, 'watch'>,
  days: () => number,
): JobDefinition<Record<string, never>> {
  return {
    kind: INTEGRATION_WATCH_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    run: () => integrations.watch(days()),
  };
}
