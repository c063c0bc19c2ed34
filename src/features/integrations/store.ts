import { type Selectable, sql } from 'kysely';
import type { IntegrationRegister } from '#contract/integrations.ts';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

/** Health reports that may be missed before an agent counts as inactive. */
const MISSED_REPORTS = 3;

/** An agent with the accounts into which it reported lately. */
export type IntegrationRow = Selectable<Schema['integration']> & { accounts: string[] };

/** Since when an agent of this interval must have reported. */
const OVERDUE = sql<boolean>`(i.last_seen < now() - make_interval(secs => ${MISSED_REPORTS} * i.health_report_interval))`;
/** What an agent that became silent shows before the watcher noted it. */
const STATE = sql`case when i.state = 'active' and ${OVERDUE} then 'inactive' else i.state end as state`;
/** An agent reports for an account at least every second poll; shorter silences say nothing. */
const ACCOUNTS = sql`array(
  select a.reported_account from integration_association a
  where a.integration = i.uuid and a.last_reported_at >= now() - make_interval(secs => greatest(900, ${MISSED_REPORTS} * i.health_report_interval))
  order by 1) as accounts`;

/**
 * Adds an agent of an account, or brings the one with the same registration up to date. An inactive agent is registered
 * anew. `added` tells a new one.
 */
export async function register(
  db: Db,
  account: string,
  uuid: string,
  agent: IntegrationRegister,
): Promise<{ uuid: string; added: boolean }> {
  const { rows } = await sql<{ uuid: string; added: boolean }>`
    insert into integration as i (uuid, account, registration_id, registration_instance_id, type, name, description, version,
      started_at, uptime, username, explicitly_account_bound, namespaces, configuration, cluster_name, namespace,
      health_report_interval, state_updated_at, last_seen)
    values (${uuid}, ${account}, ${agent.registration_id}, ${agent.registration_instance_id}, ${agent.type}, ${agent.name ?? null},
      ${agent.description ?? null}, ${agent.version ?? null}, ${agent.started_at ?? null}::timestamptz, ${agent.uptime ?? 0},
      ${agent.username}, ${agent.explicitly_account_bound ?? []}::text[], ${agent.namespaces ?? []}::text[],
      ${json(agent.configuration ?? {})}::jsonb, ${agent.cluster_name ?? null}, ${agent.namespace ?? null},
      ${agent.health_report_interval}, now(), now())
    on conflict (account, registration_id, registration_instance_id) do update set
      type = excluded.type, name = excluded.name, description = excluded.description, version = excluded.version,
      started_at = excluded.started_at, uptime = excluded.uptime, username = excluded.username,
      explicitly_account_bound = excluded.explicitly_account_bound, namespaces = excluded.namespaces,
      configuration = excluded.configuration, cluster_name = excluded.cluster_name, namespace = excluded.namespace,
      health_report_interval = excluded.health_report_interval, last_seen = excluded.last_seen,
      state = case when i.state = 'inactive' or ${OVERDUE} then 'registered' else i.state end,
      state_updated_at = case when i.state = 'inactive' or ${OVERDUE} then now() else i.state_updated_at end
    returning uuid, (xmax = 0) as added`.execute(db);
  return rows[0]!;
}

/** Agents of an account, or of every account without one, by name. */
export async function listIntegrations(
  db: Db,
  account: string | undefined,
  filter: { uuid?: string } = {},
): Promise<IntegrationRow[]> {
  const conditions = [sql`true`];
  if (account !== undefined) conditions.push(sql`i.account = ${account}`);
  if (filter.uuid) conditions.push(sql`i.uuid = ${filter.uuid}`);
  const { rows } = await sql<IntegrationRow>`
    select i.*, ${STATE}, ${ACCOUNTS} from integration i
    where ${sql.join(conditions, sql` and `)} order by i.name nulls last, i.created_at, i.uuid`.execute(db);
  return rows;
}

/** Stores a health report of an agent of an account; returns the state of the agent before, undefined when there is none. */
export async function storeHealth(
  db: Db,
  account: string,
  uuid: string,
  health: {
    report: unknown;
    uptime: number;
    interval: number;
    state: 'healthy' | 'unhealthy';
    errors: string[];
    accounts: string[];
  },
): Promise<'registered' | 'active' | 'inactive' | undefined> {
  const { rows } = await sql<{ state: 'registered' | 'active' | 'inactive' }>`
    select state from integration where account = ${account} and uuid = ${uuid} for update`.execute(db);
  if (!rows[0]) return undefined;
  await sql`
    update integration set last_seen = now(), uptime = ${health.uptime}, health_report_interval = ${health.interval},
      reported_state = ${health.state}, reported_errors = ${json(health.errors)}::jsonb, state = 'active',
      state_updated_at = case when state = 'active' then state_updated_at else now() end
    where account = ${account} and uuid = ${uuid}`.execute(db);
  await sql`
    insert into integration_health_report (account, integration, report)
    values (${account}, ${uuid}, ${json(health.report)}::jsonb)`.execute(db);
  await sql`
    insert into integration_association (account, integration, reported_account, last_reported_at)
    select ${account}, ${uuid}::uuid, name, now() from unnest(${health.accounts}::text[]) as name
    on conflict (integration, reported_account) do update set last_reported_at = excluded.last_reported_at`.execute(db);
  return rows[0].state;
}

/** Removes an agent of an account with its reports. */
export async function deleteIntegration(db: Db, account: string, uuid: string): Promise<void> {
  await sql`delete from integration where account = ${account} and uuid = ${uuid}`.execute(db);
}

/** Marks agents of every account that missed their reports as inactive; returns them. */
export async function markInactive(
  db: Db,
): Promise<{ account: string; uuid: string; name: string | null; last_seen: Date }[]> {
  const { rows } = await sql<{ account: string; uuid: string; name: string | null; last_seen: Date }>`
    update integration i set state = 'inactive', state_updated_at = now()
    where i.state = 'active' and ${OVERDUE}
    returning account, uuid, name, last_seen`.execute(db);
  return rows;
}

/** Removes health reports and associations of every account that are older than `days`. */
export async function expireHealth(db: Db, days: number): Promise<void> {
  await sql`delete from integration_health_report where received_at < now() - make_interval(days => ${days})`.execute(
    db,
  );
  await sql`delete from integration_association where last_reported_at < now() - make_interval(days => ${days})`.execute(
    db,
  );
}
