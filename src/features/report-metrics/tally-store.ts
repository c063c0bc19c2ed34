import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** Of one account, or of all accounts. */
const ofAccount = (column: string, account: string | undefined): RawBuilder<unknown> =>
  account === undefined ? sql`true` : sql`${sql.ref(column)} = ${account}`;

/** Reason of a verdict of `evaluation e`; a policy that could not be applied is told apart, as in the reports. */
const REASON = sql`case
  when e.status = 'fail' and e.final_action_reason = 'policy_evaluation'
    and coalesce(e.result #>> '{result,number_of_findings}', '0') = '0'
    and e.result #> '{result,evaluation_problems}' @> '[{"severity": "error"}]' then 'error'
  else e.final_action_reason end`;

/** Tags by the newest verdict of the policy that is active now; of one account, or of all accounts. */
export async function countVerdicts(
  db: Db,
  account: string | undefined,
): Promise<{ account: string; status: string; reason: string; every: number; current: number }[]> {
  const { rows } = await sql<{ account: string; status: string; reason: string; every: number; current: number }>`
    with latest as (
      select distinct on (e.account, e.digest, e.tag) e.account, e.digest, e.tag, e.status, ${REASON} as reason
      from evaluation e
      join policy p on p.account = e.account and p.active and p.policy_id = e.policy_id
      where e.by_active_policy and ${ofAccount('e.account', account)}
      order by e.account, e.digest, e.tag, e.evaluated_at desc, e.id desc)
    select l.account, l.status, l.reason, count(*)::float8 as every,
      (count(*) filter (where t.closed_at is null))::float8 as current
    from latest l
    join tag_mapping t on t.account = l.account and t.digest = l.digest
      and t.registry || '/' || t.repository || ':' || t.tag = l.tag
    join image i on i.account = l.account and i.digest = l.digest and i.image_status = 'active'
    group by l.account, l.status, l.reason`.execute(db);
  return rows;
}

/** Images by state, and tags; of one account, or of all accounts. */
export async function countImages(
  db: Db,
  account: string | undefined,
): Promise<{ account: string; total: number; analyzed: number; failed: number; tags: number }[]> {
  const { rows } = await sql<{ account: string; total: number; analyzed: number; failed: number; tags: number }>`
    select a.name as account,
      coalesce(i.total, 0)::float8 as total, coalesce(i.analyzed, 0)::float8 as analyzed,
      coalesce(i.failed, 0)::float8 as failed, coalesce(t.tags, 0)::float8 as tags
    from account a
    left join (
      select account, count(*) as total, count(*) filter (where analysis_status = 'analyzed') as analyzed,
        count(*) filter (where analysis_status = 'analysis_failed') as failed
      from image where image_status = 'active' group by account) i on i.account = a.name
    left join (
      select account, count(*) as tags from tag_mapping where closed_at is null group by account) t on t.account = a.name
    where a.state <> 'deleting' and ${ofAccount('a.name', account)}`.execute(db);
  return rows;
}
