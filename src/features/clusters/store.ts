import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import type { ClusterValues } from './cluster-config.ts';

/** A configured cluster as stored; `credential` is an encrypted envelope. */
export type ClusterRow = Selectable<Schema['inventory_cluster']>;

export function listClusters(db: Db, account: string, inventoryType?: string) {
  return db
    .selectFrom('inventory_cluster')
    .selectAll()
    .where('account', '=', account)
    .$if(inventoryType !== undefined, (query) => query.where('inventory_type', '=', inventoryType!))
    .orderBy('cluster_name')
    .execute();
}

export function findCluster(db: Db, account: string, name: string) {
  return db
    .selectFrom('inventory_cluster')
    .selectAll()
    .where('account', '=', account)
    .where('cluster_name', '=', name)
    .executeTakeFirst();
}

/** The same cluster, not a later one of its name. */
export function findClusterById(db: Db, account: string, id: string) {
  return db
    .selectFrom('inventory_cluster')
    .selectAll()
    .where('account', '=', account)
    .where('cluster_id', '=', id)
    .executeTakeFirst();
}

/** Undefined when the account has a cluster of this name already. The next poll is due after `seconds`. */
export function insertCluster(db: Db, account: string, values: ClusterValues, seconds: number) {
  return db
    .insertInto('inventory_cluster')
    .values({
      account,
      ...values,
      namespaces: json(values.namespaces),
      next_poll_at: sql<Date>`now() + make_interval(secs => ${seconds})`,
    })
    .onConflict((conflict) => conflict.columns(['account', 'cluster_name']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function deleteCluster(db: Db, account: string, name: string): Promise<boolean> {
  const result = await db
    .deleteFrom('inventory_cluster')
    .where('account', '=', account)
    .where('cluster_name', '=', name)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/**
 * Clusters of all enabled accounts whose poll is due, each given to one caller only: the next poll is set in the same
 * statement, `seconds` from now give or take a tenth, so that clusters added together do not stay together.
 */
export async function claimDueClusters(db: Db, seconds: number, limit: number) {
  const result = await sql<{ account: string; cluster_id: string }>`
    update inventory_cluster
    set next_poll_at = now() + make_interval(secs => ${seconds} * (0.9 + 0.2 * random()))
    where cluster_id in (
      select c.cluster_id from inventory_cluster c join account a on a.name = c.account
      where c.next_poll_at <= now() and a.state = 'enabled'
      order by c.next_poll_at limit ${limit} for update of c skip locked
    )
    returning account, cluster_id`.execute(db);
  return result.rows;
}

/** Notes a success. */
export async function recordSuccess(
  db: Db,
  account: string,
  id: string,
  found: { namespaces: number; images: number },
): Promise<void> {
  const now = sql<Date>`now()`;
  await db
    .updateTable('inventory_cluster')
    .set({
      last_poll_at: now,
      last_success_at: now,
      last_error: null,
      last_error_reason: null,
      last_event_reason: null,
      last_event_at: null,
      last_namespaces: found.namespaces,
      last_images: found.images,
    })
    .where('account', '=', account)
    .where('cluster_id', '=', id)
    .execute();
}

/** Notes a failure; `event` when one was raised about it. */
export async function recordFailure(
  db: Db,
  account: string,
  id: string,
  failure: { reason: string; message: string; event: boolean },
): Promise<void> {
  const now = sql<Date>`now()`;
  await db
    .updateTable('inventory_cluster')
    .set({
      last_poll_at: now,
      last_error_at: now,
      last_error: failure.message,
      last_error_reason: failure.reason,
      ...(failure.event ? { last_event_at: now, last_event_reason: failure.reason } : {}),
    })
    .where('account', '=', account)
    .where('cluster_id', '=', id)
    .execute();
}
