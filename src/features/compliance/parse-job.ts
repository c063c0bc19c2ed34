import { z } from 'zod';
import { ComplianceReadError } from '#engine/compliance/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { ComplianceReader } from './reader.ts';
import { resultFile } from './result-file.ts';
import { failCheck, filesOf, findCheck, storeReport } from './store.ts';
import { localObject } from './stored-objects.ts';

export const PARSE_JOB = 'compliance-parse';

const Payload = z.object({ account: z.string(), uuid: z.string() });
export type ParsePayload = z.output<typeof Payload>;

/**
 * Job: reads the result file of a check and stores what it says. A file that cannot be read leaves its reason with the
 * check and is not tried again.
 */
export function parseJob(deps: {
  database: Database;
  objects: ObjectStore;
  reader: ComplianceReader;
  directory: string;
  imageChanged(tx: Db, account: string, digest: string): Promise<void>;
}): JobDefinition<ParsePayload> {
  const { database, objects } = deps;
  const fail = ({ account, uuid }: ParsePayload, reason: string) => failCheck(database.db, account, uuid, reason);
  return {
    kind: PARSE_JOB,
    payload: Payload,
    concurrency: 1,
    leaseSeconds: 60,
    retries: 2,
    async run(payload, job) {
      const { account, uuid } = payload;
      const check = await findCheck(database.db, account, uuid);
      if (check?.state !== 'pending') return;
      const file = resultFile(await filesOf(database.db, account, [uuid]));
      if (!file) return fail(payload, 'The check has no result file.');
      try {
        const copy = await localObject(objects, file.object_key, deps.directory);
        const report = await deps.reader.report(copy.path, job.signal).finally(copy.dispose);
        await database.transaction(async (tx) => {
          if (await storeReport(tx, account, uuid, report)) await deps.imageChanged(tx, account, check.image_digest);
        });
      } catch (error) {
        if (error instanceof ComplianceReadError) return fail(payload, error.message);
        if (job.last && !job.signal.aborted) await fail(payload, 'The result file could not be read on this server.');
        throw error;
      }
    },
    lost: (payload) => fail(payload, 'The server ended again and again while it read the result file.'),
  };
}
