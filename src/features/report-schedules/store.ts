import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import type { Column } from '#shared/report-table.ts';

export type ScheduleRow = Selectable<Schema['scheduled_query']>;
export type ExecutionRow = Omit<Selectable<Schema['scheduled_query_execution']>, 'row_count' | 'page_count'> & {
  row_count: number;
  page_count: number;
};
export type ExecutionStatus = 'queued' | 'running' | 'complete' | 'failed' | 'cancelled';

/** Whose rows a caller sees: those of an account, those over all accounts, or both. */
export interface Access {
  account: string | undefined;
  global: boolean;
}

/** What a run does, as it was when it was asked for. */
export interface ExecutionRequest {
  query: string;
  variables: Record<string, unknown>;
  columns: Column[] | null;
  delta: boolean;
  timeoutSeconds: number;
}

const seen = ({ account, global }: Access, prefix = ''): RawBuilder<unknown> => {
  const column = (name: string) => sql.ref(prefix + name);
  return sql`((${column('scope')} = 'account' and ${column('account')} = ${account ?? null})
    or (${column('scope')} = 'global' and ${global}))`;
};

/** `row_count` and `page_count` as numbers. */
const EXECUTION = sql`e.uuid, e.account, e.query_uuid, e.scope, e.status, e.cause, e.requested_by, e.request, e.job_id,
  e.created_at, e.started_at, e.finished_at, e.row_count::float8 as row_count, e.page_count::float8 as page_count,
  e.error_message, e.object_prefix, e.manifest`;

/** A schedule to be stored or changed; members that are absent keep their value. */
export interface ScheduleFields {
  name?: string | undefined;
  description?: string | null | undefined;
  cron_schedule?: string | undefined;
  time_zone?: string | undefined;
  query?: string | undefined;
  variables?: Record<string, unknown> | undefined;
  columns?: readonly { path: string; heading?: string | undefined }[] | null | undefined;
  enabled?: boolean | undefined;
  delta?: boolean | undefined;
  keep_count?: number | null | undefined;
  keep_days?: number | null | undefined;
  timeout_seconds?: number | null | undefined;
  next_execution_at?: Date | null | undefined;
}

function scheduleValues({ variables, columns, ...plain }: ScheduleFields) {
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof plain]?: Exclude<(typeof plain)[K], undefined>;
  };
  return {
    ...given,
    ...(variables === undefined ? {} : { variables: json(variables) }),
    ...(columns === undefined ? {} : { result_columns: columns === null ? null : json(columns) }),
  };
}

/** Stores a schedule of the account. */
export async function insertSchedule(
  db: Db,
  owner: { uuid: string; account: string; scope: 'account' | 'global'; created_by: string | null },
  fields: ScheduleFields & { name: string; cron_schedule: string; query: string },
): Promise<ScheduleRow> {
  const { name, cron_schedule, query, ...rest } = fields;
  return db
    .insertInto('scheduled_query')
    .values({ ...owner, name, cron_schedule, query, ...scheduleValues(rest) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a schedule that was found for the account. */
export async function updateSchedule(
  db: Db,
  account: string,
  uuid: string,
  fields: ScheduleFields,
): Promise<ScheduleRow> {
  return db
    .updateTable('scheduled_query')
    .set({ ...scheduleValues(fields), last_updated: new Date() })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Removes a schedule that was found for the account, with its runs. */
export async function deleteSchedule(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('scheduled_query').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** A schedule that is seen: of the account, or over all accounts. */
export async function findSchedule(db: Db, access: Access, uuid: string): Promise<ScheduleRow | undefined> {
  const { rows } = await sql<ScheduleRow>`
    select * from scheduled_query where uuid = ${uuid} and ${seen(access)}`.execute(db);
  return rows[0];
}

export interface ScheduleFilter {
  uuid?: string | undefined;
  /** A condition on the name. */
  name?: RawBuilder<unknown> | undefined;
  enabled?: boolean | undefined;
}

const scheduleConditions = (access: Access, { uuid, name, enabled }: ScheduleFilter) => sql`${seen(access)}
  ${uuid === undefined ? sql`` : sql`and uuid = ${uuid}`}
  ${name === undefined ? sql`` : sql`and ${name}`}
  ${enabled === undefined ? sql`` : sql`and enabled = ${enabled}`}`;

/** Schedules that are seen, by name: of the account, or over all accounts. */
export async function listSchedules(
  db: Db,
  access: Access,
  filter: ScheduleFilter,
  page: { after?: readonly [string, string] | undefined; limit: number },
): Promise<ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select * from scheduled_query where ${scheduleConditions(access, filter)}
      ${page.after ? sql`and (name collate "C", uuid) > (${page.after[0]} collate "C", ${page.after[1]})` : sql``}
    order by name collate "C", uuid limit ${page.limit}`.execute(db);
  return rows;
}

/** Schedules that are seen: of the account, or over all accounts. */
export async function countSchedules(db: Db, access: Access, filter: ScheduleFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::float8 as n from scheduled_query where ${scheduleConditions(access, filter)}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Locks a schedule of any account that is due; another process takes another one. */
export async function takeDue(tx: Db, now: Date): Promise<ScheduleRow | undefined> {
  const { rows } = await sql<ScheduleRow>`
    select q.* from scheduled_query q join account a on a.name = q.account and a.state = 'enabled'
    where q.enabled and q.next_execution_at <= ${now.toISOString()}::timestamptz
    order by q.next_execution_at limit 1 for update of q skip locked`.execute(tx);
  return rows[0];
}

/** When a schedule is due next, whatever the account. */
export async function setNext(db: Db, uuid: string, next: Date | null): Promise<void> {
  await db.updateTable('scheduled_query').set({ next_execution_at: next }).where('uuid', '=', uuid).execute();
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

/** Runs of a schedule that wait or are under way, whatever the account. */
export async function countOpen(db: Db, query: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::float8 as n from scheduled_query_execution
    where query_uuid = ${query} and status in ('queued', 'running')`.execute(db);
  return rows[0]?.n ?? 0;
}

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

/** Removes a run that was found for the account. */
export async function deleteExecution(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('scheduled_query_execution').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** A run for the job that does it, whatever the account, with the name of its schedule. */
export async function loadExecution(db: Db, uuid: string): Promise<(ExecutionRow & { name: string }) | undefined> {
  const { rows } = await sql<ExecutionRow & { name: string }>`
    select ${EXECUTION}, q.name from scheduled_query_execution e join scheduled_query q on q.uuid = e.query_uuid
    where e.uuid = ${uuid}`.execute(db);
  return rows[0];
}

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

/** Notes that a schedule ran, whatever the account. */
export async function setExecuted(db: Db, query: string, at: Date): Promise<void> {
  await db.updateTable('scheduled_query').set({ last_executed_at: at }).where('uuid', '=', query).execute();
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

/** Open runs of all accounts that were asked for before a moment. */
export async function openExecutions(db: Db, before: Date): Promise<{ uuid: string; job_id: string | null }[]> {
  return db
    .selectFrom('scheduled_query_execution')
    .select(['uuid', 'job_id'])
    .where('status', 'in', ['queued', 'running'])
    .where('created_at', '<', before)
    .execute();
}

/** Ended runs of all accounts beyond what their schedules keep. What the next delta is measured from stays. */
export async function expiredExecutions(
  db: Db,
  defaults: { count: number; days: number },
  now: Date,
): Promise<{ uuid: string; account: string }[]> {
  const { rows } = await sql<{ uuid: string; account: string }>`
    select uuid, account from (
      select e.uuid, e.account, e.finished_at,
        row_number() over (partition by e.query_uuid order by e.finished_at desc, e.uuid desc) as place,
        row_number() over (partition by e.query_uuid order by e.status = 'complete' desc, e.finished_at desc, e.uuid desc) as rank,
        q.delta, coalesce(q.keep_count, ${defaults.count}) as keep_count, coalesce(q.keep_days, ${defaults.days}) as keep_days
      from scheduled_query_execution e join scheduled_query q on q.uuid = e.query_uuid
      where e.status not in ('queued', 'running')) ended
    where (rank > 1 or not delta) and (place > keep_count
      or finished_at < ${now.toISOString()}::timestamptz - make_interval(days => keep_days))`.execute(db);
  return rows;
}

/** Which of these runs exist, whatever the account. */
export async function existingExecutions(db: Db, uuids: readonly string[]): Promise<Set<string>> {
  if (uuids.length === 0) return new Set();
  const rows = await db
    .selectFrom('scheduled_query_execution')
    .select('uuid')
    .where('uuid', 'in', [...uuids])
    .execute();
  return new Set(rows.map(({ uuid }) => uuid));
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

/** Numbers of the installation, over all accounts: schedules and runs now, and runs that were ever asked for. */
export const REPORT_COUNTS = {
  schedules: sql<{ n: number }>`select count(*)::float8 as n from scheduled_query`,
  executions: sql<{ n: number }>`select count(*)::float8 as n from scheduled_query_execution`,
  generated: sql<{ n: number }>`select value::float8 as n from statistic where name = 'report_generation'`,
};

/** Counts a run for the numbers of the installation, over all accounts. */
export async function countGeneration(db: Db): Promise<void> {
  await sql`
    insert into statistic (name, value) values ('report_generation', 1)
    on conflict (name) do update set value = statistic.value + 1`.execute(db);
}
