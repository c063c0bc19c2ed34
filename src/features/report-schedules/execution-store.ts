import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import type { Column } from '#shared/report-table.ts';
import { type Access, seen } from './access.ts';

export type ExecutionRow = Omit<Selectable<Schema['scheduled_query_execution']>, 'row_count' | 'page_count'> & {
  row_count: number;
  page_count: number;
};

export type ExecutionStatus = 'queued' | 'running' | 'complete' | 'failed' | 'cancelled';

/** What a run does, as it was when it was asked for. */
export interface ExecutionRequest {
  query: string;
  variables: Record<string, unknown>;
  columns: Column[] | null;
  delta: boolean;
  timeoutSeconds: number;
}

/** `row_count` and `page_count` as numbers. */
const EXECUTION = sql`e.uuid, e.account, e.query_uuid, e.scope, e.status, e.cause, e.requested_by, e.request, e.job_id,
  e.created_at, e.started_at, e.finished_at, e.row_count::float8 as row_count, e.page_count::float8 as page_count,
  e.error_message, e.object_prefix, e.manifest`;

/** A run that is seen: of the account, or over all accounts. */
export async function findExecution(db: Db, access: Access, uuid: string): Promise<ExecutionRow | undefined> {
  const { rows } = await sql<ExecutionRow>`
    select ${EXECUTION} from scheduled_query_execution e where e.uuid = ${uuid} and ${seen(access, 'e.')}`.execute(db);
  return rows[0];
}

export interface ExecutionFilter {
  uuid?: string | undefined;
  queryUuid?: string | undefined;
  status?: ExecutionStatus | undefined;
  after?: string | undefined;
  before?: string | undefined;
}

const executionConditions = (access: Access, filter: ExecutionFilter) => sql`${seen(access, 'e.')}
  ${filter.uuid === undefined ? sql`` : sql`and e.uuid = ${filter.uuid}`}
  ${filter.queryUuid === undefined ? sql`` : sql`and e.query_uuid = ${filter.queryUuid}`}
  ${filter.status === undefined ? sql`` : sql`and e.status = ${filter.status}`}
  ${filter.after === undefined ? sql`` : sql`and coalesce(e.started_at, e.created_at) >= ${filter.after}::timestamptz`}
  ${filter.before === undefined ? sql`` : sql`and coalesce(e.started_at, e.created_at) < ${filter.before}::timestamptz`}`;

/** Runs that are seen, the newest first: of the account, or over all accounts. */
export async function listExecutions(
  db: Db,
  access: Access,
  filter: ExecutionFilter,
  page: { after?: readonly [string, string] | undefined; limit: number },
): Promise<ExecutionRow[]> {
  const { rows } = await sql<ExecutionRow>`
    select ${EXECUTION} from scheduled_query_execution e where ${executionConditions(access, filter)}
      ${page.after ? sql`and (date_trunc('milliseconds', e.created_at), e.uuid) < (${page.after[0]}::timestamptz, ${page.after[1]})` : sql``}
    order by date_trunc('milliseconds', e.created_at) desc, e.uuid desc limit ${page.limit}`.execute(db);
  return rows;
}

/** Runs that are seen: of the account, or over all accounts. */
export async function countExecutions(db: Db, access: Access, filter: ExecutionFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::float8 as n from scheduled_query_execution e where ${executionConditions(access, filter)}`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

/** A run for the job that does it, whatever the account, with the name of its schedule. */
export async function loadExecution(db: Db, uuid: string): Promise<(ExecutionRow & { name: string }) | undefined> {
  const { rows } = await sql<ExecutionRow & { name: string }>`
    select ${EXECUTION}, q.name from scheduled_query_execution e join scheduled_query q on q.uuid = e.query_uuid
    where e.uuid = ${uuid}`.execute(db);
  return rows[0];
}

/** Runs of a schedule that wait or are under way, whatever the account. */
export async function countOpen(db: Db, query: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::float8 as n from scheduled_query_execution
    where query_uuid = ${query} and status in ('queued', 'running')`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Open runs of all accounts that were asked for before a moment. */
export async function openExecutions(db: Db, before: Date): Promise<{ uuid: string; job_id: string | null }[]> {
  return db
    .selectFrom('scheduled_query_execution')
    .select(['uuid', 'job_id'])
    .where('status', 'in', ['queued', 'running'])
    .where('created_at', '<', before)
    .execute();
}

/** Runs of the account, or of one of its schedules. */
export async function executionsOf(
  db: Db,
  account: string,
  query?: string,
): Promise<{ uuid: string; job_id: string | null }[]> {
  let rows = db.selectFrom('scheduled_query_execution').select(['uuid', 'job_id']).where('account', '=', account);
  if (query !== undefined) rows = rows.where('query_uuid', '=', query);
  return rows.execute();
}

/** The newest complete run of the same document and variables, whatever the account: what a delta is measured from. */
export async function formerRun(
  db: Db,
  run: ExecutionRow,
): Promise<{ uuid: string; object_prefix: string } | undefined> {
  const { rows } = await sql<{ uuid: string; object_prefix: string }>`
    select uuid, object_prefix from scheduled_query_execution
    where query_uuid = ${run.query_uuid} and status = 'complete' and object_prefix is not null
      and request -> 'delta' = 'true'::jsonb
      and request -> 'query' = ${json(run.request)}::jsonb -> 'query'
      and request -> 'variables' = ${json(run.request)}::jsonb -> 'variables'
    order by finished_at desc limit 1`.execute(db);
  return rows[0];
}

/** Stores a run of a schedule of the account. */
export async function insertExecution(
  db: Db,
  row: {
    uuid: string;
    account: string;
    query_uuid: string;
    scope: string;
    cause: 'schedule' | 'request';
    requested_by: string | null;
  },
  request: ExecutionRequest,
): Promise<void> {
  await db
    .insertInto('scheduled_query_execution')
    .values({ ...row, request: json(request) })
    .execute();
}

/** Notes the job of a run, whatever the account. */
export async function setJob(db: Db, uuid: string, job: string | undefined): Promise<void> {
  await db
    .updateTable('scheduled_query_execution')
    .set({ job_id: job ?? null })
    .where('uuid', '=', uuid)
    .execute();
}

/** Removes a run that was found for the account. */
export async function deleteExecution(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('scheduled_query_execution').where('account', '=', account).where('uuid', '=', uuid).execute();
}
