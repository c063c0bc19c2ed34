import { type RawBuilder, type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import { type Access, seen } from './access.ts';

export type ScheduleRow = Selectable<Schema['scheduled_query']>;

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

/** Notes that a schedule ran, whatever the account. */
export async function setExecuted(db: Db, query: string, at: Date): Promise<void> {
  await db.updateTable('scheduled_query').set({ last_executed_at: at }).where('uuid', '=', query).execute();
}
