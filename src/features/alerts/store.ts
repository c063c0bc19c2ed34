import { type Selectable, sql } from 'kysely';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type AlertRow = Selectable<Schema['compliance_alert']>;

/** An alert whose state changed. */
export interface AlertChange {
  uuid: string;
  account: string;
  image_tag: string;
  image_digest: string;
  policy_id: string;
  reason: string;
}

/** Findings that stop the image, without allowlisted ones. */
const VIOLATIONS = sql`(
  select count(*)::int from jsonb_path_query(e.result, '$.result.details.findings[*] ? (@.action == "stop" && @.allowlisted != true)'))`;

/**
 * The newest verdict of the active policy about what each watched tag points to now. A tag is watched by a subscription
 * of its own or of its repository. Of one account, or of all that are enabled.
 */
const watchedVerdicts = (account: string | undefined) => sql`
  select t.account, t.registry, t.repository, t.registry || '/' || t.repository || ':' || t.tag as image_tag, t.digest,
    e.id, e.policy_id, e.final_action, e.final_action_reason, e.evaluated_at, e.result
  from tag_mapping t
  join account a on a.name = t.account and a.state = 'enabled'
  join policy p on p.account = t.account and p.active
  join lateral (
    select * from evaluation e
    where e.account = t.account and e.digest = t.digest and e.tag = t.registry || '/' || t.repository || ':' || t.tag
      and e.by_active_policy and e.policy_id = p.policy_id
    order by e.evaluated_at desc, e.id desc limit 1
  ) e on true
  where t.closed_at is null and (${account ?? null}::text is null or t.account = ${account ?? null})
    and exists (
      select 1 from subscription s
      where s.account = t.account and s.active and s.subscription_type = 'alerts'
        and s.subscription_key in (t.registry || '/' || t.repository || ':' || t.tag, t.registry || '/' || t.repository))`;

/** Opens an alert for each watched tag that is stopped and has none. */
export async function openAlerts(db: Db, account: string | undefined): Promise<AlertChange[]> {
  const { rows } = await sql<AlertChange>`
    insert into compliance_alert (uuid, account, state, image_digest, registry, repository, image_tag, policy_id,
      evaluation_id, evaluated_at, reason, violations)
    select gen_random_uuid(), e.account, 'open', e.digest, e.registry, e.repository, e.image_tag, e.policy_id, e.id,
      e.evaluated_at, e.final_action_reason, ${VIOLATIONS}
    from (${watchedVerdicts(account)}) e
    where e.final_action = 'stop'
      -- one that a person closed stays closed until another evaluation
      and not exists (
        select 1 from compliance_alert c
        where c.account = e.account and c.image_tag = e.image_tag and c.image_digest = e.digest
          and c.policy_id = e.policy_id and (c.state = 'open' or (c.evaluation_id = e.id and c.closed_by <> 'system')))
    on conflict do nothing
    returning uuid, account, image_tag, image_digest, policy_id, reason`.execute(db);
  return rows;
}

/** Closes alerts whose tag passes now, points elsewhere, is judged by another policy, or is not watched any more. */
export async function closeAlerts(db: Db, account: string | undefined): Promise<AlertChange[]> {
  const { rows } = await sql<AlertChange>`
    with now_failing as (select * from (${watchedVerdicts(account)}) v)
    update compliance_alert c
    set state = 'closed', closed_by = 'system', last_updated = now(), closed_reason = case
      when exists (select 1 from now_failing v where v.account = c.account and v.image_tag = c.image_tag
        and v.digest = c.image_digest and v.policy_id = c.policy_id) then 'the evaluation passes'
      when not exists (select 1 from policy p where p.account = c.account and p.policy_id = c.policy_id and p.active)
        then 'another policy is active'
      else 'the tag points to another image or is not watched any more' end
    where c.state = 'open' and (${account ?? null}::text is null or c.account = ${account ?? null})
      and exists (select 1 from account a where a.name = c.account and a.state = 'enabled')
      and not exists (
        select 1 from now_failing v
        where v.account = c.account and v.image_tag = c.image_tag and v.digest = c.image_digest
          and v.policy_id = c.policy_id and v.final_action = 'stop')
    returning uuid, account, image_tag, image_digest, policy_id, closed_reason as reason`.execute(db);
  return rows;
}

/** Filters of a listing; without `state`, of open alerts. */
export interface AlertFilter {
  state?: 'all' | 'open' | 'closed';
  created_after?: Date;
  created_before?: Date;
  image_digest?: string;
  image_tag?: string;
  registry?: string;
  repository?: string;
  policy_id?: string;
}

/** Newest first. */
export function listAlerts(db: Db, account: string, filter: AlertFilter, page: { limit: number; offset: number }) {
  let query = db.selectFrom('compliance_alert').selectAll().where('account', '=', account);
  const { state = 'open' } = filter;
  if (state !== 'all') query = query.where('state', '=', state);
  if (filter.created_after) query = query.where('created_at', '>', filter.created_after);
  if (filter.created_before) query = query.where('created_at', '<', filter.created_before);
  for (const name of ['image_digest', 'image_tag', 'registry', 'repository', 'policy_id'] as const) {
    const value = filter[name];
    if (value !== undefined) query = query.where(name, '=', value);
  }
  return query.orderBy('created_at', 'desc').orderBy('uuid').limit(page.limit).offset(page.offset).execute();
}

export function findAlert(db: Db, account: string, uuid: string): Promise<AlertRow | undefined> {
  return db
    .selectFrom('compliance_alert')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** An open alert about the same, beside the one that is given. */
export function otherOpenAlert(db: Db, { account, uuid, image_tag, image_digest, policy_id }: AlertRow) {
  return db
    .selectFrom('compliance_alert')
    .select('uuid')
    .where('account', '=', account)
    .where('image_tag', '=', image_tag)
    .where('image_digest', '=', image_digest)
    .where('policy_id', '=', policy_id)
    .where('state', '=', 'open')
    .where('uuid', '<>', uuid)
    .executeTakeFirst();
}

/** Opens or closes an alert by hand; undefined when the account has none of this id in another state. */
export function setAlertState(db: Db, account: string, uuid: string, state: 'open' | 'closed', by: string) {
  return db
    .updateTable('compliance_alert')
    .set({
      state,
      closed_by: state === 'closed' ? by : null,
      closed_reason: state === 'closed' ? 'closed by a user' : null,
      last_updated: sql`now()`,
    })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('state', '<>', state)
    .returningAll()
    .executeTakeFirst();
}
