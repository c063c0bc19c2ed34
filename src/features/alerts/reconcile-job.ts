import { z } from 'zod';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { AlertService } from './service.ts';

export const RECONCILE_JOB = 'alerts-reconcile';

const Payload = z.object({ account: z.string().optional() });

/** Job: opens and closes alerts, of one account after its verdicts changed, and of all now and then. */
export function reconcileJob(alerts: AlertService): JobDefinition<z.output<typeof Payload>> {
  return {
    kind: RECONCILE_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 60,
    retries: 2,
    run: async ({ account }) => void (await alerts.reconcile(account)),
  };
}
