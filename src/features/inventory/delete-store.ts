import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import type { InventoryType } from './report.ts';

/** Clusters of an account that hold a context. */
export async function clustersOf(db: Db, account: string, type: InventoryType, context: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct k.name from inventory_context c join reported_cluster k on k.id = c.cluster_id
    where c.account = ${account} and c.context = ${context} and k.inventory_type = ${type} order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Removes images of a context of an account, of one digest when it is given, with the containers that run them and the
 * pods and tasks that run nothing else. The next report of the context is stored in full. Returns how many images went.
 */
export async function deleteImages(
  db: Db,
  account: string,
  target: { inventory_type: InventoryType; context: string; image_digest?: string | undefined; since: Date },
): Promise<number> {
  const { inventory_type, context, image_digest, since } = target;
  const { rows: contexts } = await sql<{ id: number }>`
    select c.id from inventory_context c join reported_cluster k on k.id = c.cluster_id
    where c.account = ${account} and c.context = ${context} and k.inventory_type = ${inventory_type} for update of c`.execute(
    db,
  );
  const ids = contexts.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const digest = image_digest === undefined ? sql`` : sql`and t.image_digest = ${image_digest}`;
  const { rows } = await sql<{ live: number }>`
    with gone as (
      delete from inventory_image t using inventory_context c
      where c.id = t.context_id and t.account = ${account} and t.context_id = any(${ids}::bigint[]) ${digest}
      returning coalesce(t.last_seen, c.last_seen) >= ${since} as live)
    select count(*) filter (where live)::int as live from gone`.execute(db);
  await sql`
    with gone as (
      delete from inventory_container t where t.account = ${account} and t.context_id = any(${ids}::bigint[]) ${digest}
      returning t.context_id, t.owner, t.container_id),
    left_over as (
      select distinct g.context_id, g.owner from gone g
      where not exists (
        select 1 from inventory_container o
        where o.context_id = g.context_id and o.owner = g.owner
          and not exists (
            select 1 from gone x
            where x.context_id = o.context_id and x.owner = o.owner and x.container_id = o.container_id))),
    pods as (
      delete from inventory_pod p using left_over l
      where p.account = ${account} and p.context_id = l.context_id and p.uid = l.owner)
    delete from inventory_ecs_task p using left_over l
    where p.account = ${account} and p.context_id = l.context_id and p.arn = l.owner`.execute(db);
  if (image_digest === undefined) {
    for (const table of ['inventory_pod', 'inventory_ecs_task'])
      await sql`delete from ${sql.table(table)} where account = ${account} and context_id = any(${ids}::bigint[])`.execute(
        db,
      );
  }
  await sql`
    update inventory_context set content_hash = null
    where account = ${account} and id = any(${ids}::bigint[])`.execute(db);
  return rows[0]?.live ?? 0;
}

/** Removes the namespaces of a Kubernetes cluster of an account, of every one without a name, with all that is in them. */
export async function deleteNamespaces(db: Db, account: string, cluster: string | undefined): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    delete from inventory_context c using reported_cluster k
    where c.account = ${account} and k.id = c.cluster_id and k.inventory_type = 'kubernetes'
      ${cluster === undefined ? sql`` : sql`and k.name = ${cluster}`}
    returning c.id`.execute(db);
  return rows.length;
}

/** Removes what was last seen before `cutoff`, of every account. Returns the number of rows by table. */
export async function purgeExpired(db: Db, cutoff: Date): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  const below = [
    'inventory_container',
    'inventory_image',
    'inventory_pod',
    'inventory_ecs_service',
    'inventory_ecs_task',
  ];
  for (const table of below) {
    const result = await sql`
      delete from ${sql.table(table)} t using inventory_context c
      where c.id = t.context_id and coalesce(t.last_seen, c.last_seen) < ${cutoff}`.execute(db);
    removed[table] = Number(result.numAffectedRows ?? 0n);
  }
  for (const [table, column] of [
    ['inventory_context', 'last_seen'],
    ['inventory_node', 'last_seen'],
    ['reported_cluster', 'last_report_at'],
  ] as const) {
    const result = await sql`delete from ${sql.table(table)} where ${sql.ref(column)} < ${cutoff}`.execute(db);
    removed[table] = Number(result.numAffectedRows ?? 0n);
  }
  return removed;
}
