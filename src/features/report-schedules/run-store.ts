import { sql } from 'kysely';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A process begins a run, or takes it over, whatever the account. False when it has ended. */
export async function beginExecution(db: Db, uuid: string, prefix: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scheduled_query_execution set status = 'running', started_at = coalesce(started_at, now()),
      object_prefix = ${prefix}, row_count = 0, page_count = 0, error_message = null, manifest = null
    where uuid = ${uuid} and status in ('queued', 'running')`.execute(db);
  return numAffectedRows === 1n;
}

/** How far a run is, whatever the account. */
export async function setRows(db: Db, uuid: string, prefix: string, rows: number, pages: number): Promise<void> {
  await sql`
    update scheduled_query_execution set row_count = ${rows}, page_count = ${pages}
    where uuid = ${uuid} and object_prefix = ${prefix} and status = 'running'`.execute(db);
}

/** Ends a run that this process does, whatever the account. False when it was ended or taken over meanwhile. */
export async function endExecution(
  db: Db,
  uuid: string,
  prefix: string,
  end: {
    status: 'complete' | 'failed';
    error: string | null;
    rows: number;
    pages: number;
    manifest: ReportManifest | null;
  },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scheduled_query_execution set status = ${end.status}, error_message = ${end.error}, row_count = ${end.rows},
      page_count = ${end.pages}, manifest = ${end.manifest === null ? null : json(end.manifest)}, finished_at = now()
    where uuid = ${uuid} and status = 'running' and object_prefix = ${prefix}`.execute(db);
  return numAffectedRows === 1n;
}

/** Keeps what a cancelled run had read, whatever the account. */
export async function keepPartial(
  db: Db,
  uuid: string,
  prefix: string,
  { rows, pages, manifest }: { rows: number; pages: number; manifest: ReportManifest },
): Promise<void> {
  await sql`
    update scheduled_query_execution set row_count = ${rows}, page_count = ${pages}, manifest = ${json(manifest)}
    where uuid = ${uuid} and status = 'cancelled' and object_prefix = ${prefix}`.execute(db);
}

/** Ends an open run from outside, whatever the account. False when it has ended. */
export async function closeExecution(
  db: Db,
  uuid: string,
  status: 'failed' | 'cancelled',
  error: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scheduled_query_execution set status = ${status}, error_message = ${error}, finished_at = now()
    where uuid = ${uuid} and status in ('queued', 'running')`.execute(db);
  return numAffectedRows === 1n;
}
