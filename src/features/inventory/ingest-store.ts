import { sql } from 'kysely';
import { storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';
import type { Report, ReportedContext, ReportedNode } from './report.ts';

/** A context as it is stored. */
export interface StoredContext {
  id: number;
  source: 'agent' | 'list';
  uid: string;
  name: string;
  content_hash: string | null;
  last_seen: Date;
  report_timestamp: Date;
}

/** Makes reports of one cluster of an account, and deletions from it, wait for each other until the transaction ends. */
export async function lockCluster(db: Db, account: string, cluster: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`inventory ${account} ${cluster}`}, 0))`.execute(db);
}

/** Notes the report of a cluster; returns the id of the cluster. */
export async function noteReport(db: Db, account: string, report: Report, now: Date): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into reported_cluster as k (account, inventory_type, name, last_report_at, last_report_timestamp)
    values (${account}, ${report.inventory_type}, ${storableText(report.cluster)}, ${now}, ${report.timestamp})
    on conflict (account, inventory_type, name) do update set
      last_report_at = excluded.last_report_at,
      last_report_timestamp = greatest(k.last_report_timestamp, excluded.last_report_timestamp)
    returning id`.execute(db);
  return rows[0]!.id;
}

/** Contexts of a cluster of an account by these names, of every agent; locked until the transaction ends. */
export async function contextsByName(
  db: Db,
  account: string,
  clusterId: number,
  names: readonly string[],
): Promise<StoredContext[]> {
  const { rows } = await sql<StoredContext>`
    select id, source, uid, name, content_hash, last_seen, report_timestamp from inventory_context
    where account = ${account} and cluster_id = ${clusterId} and name = any(${names}::text[])
    order by id for update`.execute(db);
  return rows;
}

/** Removes contexts of an account with everything in them. */
export async function deleteContexts(db: Db, account: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from inventory_context where account = ${account} and id = any(${ids}::bigint[])`.execute(db);
}

/** Adds contexts of an account that are not known yet; returns their ids in the same order. */
export async function insertContexts(
  db: Db,
  account: string,
  clusterId: number,
  contexts: readonly ReportedContext[],
  times: { now: Date; timestamp: Date },
): Promise<number[]> {
  if (contexts.length === 0) return [];
  const list = (pick: (context: ReportedContext) => string) => contexts.map((context) => storableText(pick(context)));
  const { rows } = await sql<{ id: number; key: string }>`
    insert into inventory_context (account, cluster_id, source, uid, name, context, labels, annotations,
      created_at, last_updated, last_seen, report_timestamp)
    select ${account}, ${clusterId}, given.source, given.uid, given.name, given.context, given.labels::jsonb, given.annotations::jsonb,
      ${times.now}::timestamptz, ${times.now}::timestamptz, ${times.now}::timestamptz, ${times.timestamp}::timestamptz
    from unnest(${list((c) => c.source)}::text[], ${list((c) => c.uid)}::text[], ${list((c) => c.name)}::text[],
      ${list((c) => c.context)}::text[], ${list((c) => c.labels)}::text[], ${list((c) => c.annotations)}::text[])
      as given (source, uid, name, context, labels, annotations)
    returning id, source || ' ' || uid || ' ' || name as key`.execute(db);
  const ids = new Map(rows.map(({ id, key }) => [key, id]));
  return contexts.map((c) => ids.get(storableText(`${c.source} ${c.uid} ${c.name}`))!);
}

/** Notes that contexts of an account were seen now, with what is known of them. */
export async function touchContexts(
  db: Db,
  account: string,
  contexts: readonly { id: number; labels: string; annotations: string; hash: string }[],
  times: { now: Date; timestamp: Date },
): Promise<void> {
  if (contexts.length === 0) return;
  await sql`
    update inventory_context c set
      labels = given.labels::jsonb, annotations = given.annotations::jsonb, content_hash = given.hash,
      last_updated = case when c.labels = given.labels::jsonb and c.annotations = given.annotations::jsonb
        then c.last_updated else ${times.now}::timestamptz end,
      last_seen = ${times.now}::timestamptz, report_timestamp = ${times.timestamp}::timestamptz
    from unnest(${contexts.map((c) => c.id)}::bigint[], ${contexts.map((c) => storableText(c.labels))}::text[],
      ${contexts.map((c) => storableText(c.annotations))}::text[], ${contexts.map((c) => c.hash)}::text[])
      as given (id, labels, annotations, hash)
    where c.account = ${account} and c.id = given.id`.execute(db);
}

/** Notes that contexts of an account were seen now and are as they were. */
export async function touchUnchanged(
  db: Db,
  account: string,
  ids: readonly number[],
  times: { now: Date; timestamp: Date },
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update inventory_context set last_seen = ${times.now}::timestamptz, report_timestamp = ${times.timestamp}::timestamptz
    where account = ${account} and id = any(${ids}::bigint[])`.execute(db);
}

/** Writes the nodes that a report of an account names; others of the cluster stay. Returns how many are new. */
export async function writeNodes(
  db: Db,
  account: string,
  clusterId: number,
  nodes: readonly ReportedNode[],
  options: { now: Date; cutoff: Date; late: boolean },
): Promise<number> {
  if (nodes.length === 0) return 0;
  const list = (pick: (node: ReportedNode) => string | null) =>
    nodes.map((node) => {
      const value = pick(node);
      return value === null ? null : storableText(value);
    });
  const { now, cutoff, late } = options;
  await sql`
    delete from inventory_node where account = ${account} and cluster_id = ${clusterId} and last_seen < ${cutoff}`.execute(
    db,
  );
  const { rows } = await sql<{ added: number }>`
    with written as (
      insert into inventory_node as held
        (account, cluster_id, uid, name, arch, labels, annotations, details, hash, created_at, last_updated, last_seen)
      select ${account}, ${clusterId}, given.uid, given.name, given.arch, given.labels::jsonb, given.annotations::jsonb, given.details::jsonb,
        given.hash, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      from unnest(${list((n) => n.uid)}::text[], ${list((n) => n.name)}::text[], ${list((n) => n.arch)}::text[],
        ${list((n) => n.labels)}::text[], ${list((n) => n.annotations)}::text[], ${list((n) => n.details)}::text[],
        ${list((n) => n.hash)}::text[]) as given (uid, name, arch, labels, annotations, details, hash)
      on conflict (cluster_id, uid) do update set ${
        late
          ? sql`last_seen = greatest(held.last_seen, excluded.last_seen)`
          : sql`name = excluded.name, arch = excluded.arch, labels = excluded.labels, annotations = excluded.annotations,
              details = excluded.details, hash = excluded.hash, last_seen = excluded.last_seen,
              last_updated = case when held.hash = excluded.hash then held.last_updated else excluded.last_updated end`
      }
      returning (xmax = 0) as added)
    select count(*) filter (where added)::int as added from written`.execute(db);
  return rows[0]?.added ?? 0;
}

/** Removes what of these contexts of an account was closed and last seen before `cutoff`. */
export async function dropExpired(
  db: Db,
  account: string,
  tables: readonly string[],
  ids: readonly number[],
  cutoff: Date,
): Promise<void> {
  if (ids.length === 0) return;
  for (const table of tables) {
    await sql`delete from ${sql.table(table)}
      where account = ${account} and context_id = any(${ids}::bigint[]) and last_seen < ${cutoff}`.execute(db);
  }
}

/** Adds to all-time counts. Last in a transaction: the counts are shared by every account. */
export async function addToStatistics(db: Db, counts: ReadonlyMap<string, number>): Promise<void> {
  const entries = [...counts].filter(([, value]) => value > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return;
  await sql`
    insert into statistic (name, value)
    select * from unnest(${entries.map(([name]) => name)}::text[], ${entries.map(([, value]) => value)}::bigint[])
    on conflict (name) do update set value = statistic.value + excluded.value`.execute(db);
}
