import { randomUUID } from 'node:crypto';
import type { Correction } from '#contract/corrections.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { APPLY_JOB, type ApplyPayload } from './apply-job.ts';
import {
  type CorrectionRow,
  deleteCorrection,
  findCorrection,
  insertCorrection,
  listCorrections,
  updateCorrection,
} from './store.ts';
import { checkCorrection } from './validate.ts';

export interface CorrectionServiceDependencies {
  database: Database;
  jobs: Jobs;
}

export type CorrectionService = ReturnType<typeof createCorrectionService>;

/** Corrections of package metadata of an account: what is found stays in the SBOM, what is matched is corrected. */
export function createCorrectionService({ database, jobs }: CorrectionServiceDependencies) {
  const { db } = database;

  async function get(account: string, uuid: string): Promise<CorrectionRow> {
    const row = isUuid(uuid) ? await findCorrection(db, account, uuid) : undefined;
    if (!row) throw missing(uuid);
    return row;
  }

  function missing(uuid: string) {
    return notFound(`correction not found: ${uuid.slice(0, 100)}`);
  }

  /** Each change has a job of its own: one that runs already may have read what was before. */
  async function changed(tx: Db, account: string, uuid: string, what: string, description?: string): Promise<void> {
    await appendEvent(tx, {
      name: 'corrections_changed',
      account,
      resource_id: uuid,
      details: { change: what, ...(description ? { description } : {}) },
    });
    await jobs.send<ApplyPayload>(tx, APPLY_JOB, { account });
  }

  return {
    get,
    list: (account: string, type?: string) => listCorrections(db, account, type),

    async add(account: string, correction: Correction, username: string): Promise<CorrectionRow> {
      checkCorrection(correction);
      const uuid = randomUUID();
      await database.transaction(async (tx) => {
        await insertCorrection(tx, account, uuid, correction, username);
        await changed(tx, account, uuid, 'added', correction.description);
      });
      return get(account, uuid);
    },

    async update(account: string, uuid: string, correction: Correction): Promise<CorrectionRow> {
      await get(account, uuid);
      checkCorrection(correction);
      await database.transaction(async (tx) => {
        if (!(await updateCorrection(tx, account, uuid, correction))) throw missing(uuid);
        await changed(tx, account, uuid, 'updated', correction.description);
      });
      return get(account, uuid);
    },

    async remove(account: string, uuid: string): Promise<void> {
      const row = await get(account, uuid);
      await database.transaction(async (tx) => {
        if (!(await deleteCorrection(tx, account, uuid))) throw missing(uuid);
        await changed(tx, account, uuid, 'deleted', row.description ?? undefined);
      });
    },
  };
}
