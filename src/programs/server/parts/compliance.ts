import {
  complianceRoutes,
  createComplianceService,
  createReader,
  createStigService,
  parseJob,
  SWEEP_JOB,
  sweepJob,
} from '#features/compliance/index.ts';
import { IMAGE_EVALUATE_JOB } from '#features/policies/index.ts';
import type { Db } from '#platform/database/types.ts';
import type { Part, Wiring } from './part.ts';

/** Runtime compliance, and the STIG evaluations of images. */
export function wireCompliance({ platform }: Wiring): Part {
  const { config, database, objects, jobs, temporaryDirectory: directory } = platform;
  const { max_file_size_mb, parse_timeout_seconds } = config.compliance;
  const maxFileBytes = max_file_size_mb * 1024 ** 2;
  const deps = {
    database,
    objects,
    jobs,
    directory,
    reader: createReader({ timeoutMs: parse_timeout_seconds * 1000, maxBytes: maxFileBytes }),
    maxFileBytes,
    imageChanged: async (tx: Db, account: string, digest: string) =>
      void (await jobs.send(tx, IMAGE_EVALUATE_JOB, { account, digest })),
  };
  jobs.define(parseJob(deps));
  jobs.define(sweepJob(deps));
  return {
    routes: complianceRoutes({ checks: createComplianceService(deps), stigs: createStigService(deps) }),
    start: () => jobs.schedule(SWEEP_JOB, '23 3 * * *', {}),
  };
}
