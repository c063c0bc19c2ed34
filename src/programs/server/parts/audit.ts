import { z } from 'zod';
import { auditRoutes, createAuditChain, expireEntries } from '#features/audit/index.ts';
import type { Part, Wiring } from './part.ts';

const SEAL_JOB = 'audit-seal';

/** The log of changes: its seals and its reading. Entries are written around every route, see features.ts. */
export function wireAudit({ platform, live }: Wiring): Part {
  const { database, secrets, jobs, log } = platform;
  const chain = createAuditChain({ database, secrets });
  jobs.define({
    kind: SEAL_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    async run() {
      const entries = await chain.seal();
      await expireEntries(database.db, live.settings.retention.audit_days);
      if (entries > 0) log.debug({ entries }, 'audit entries sealed');
    },
  });
  return { routes: auditRoutes({ database, chain }), start: () => jobs.schedule(SEAL_JOB, '* * * * *', {}) };
}
