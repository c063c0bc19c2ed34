import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

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
