import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

/** When an image is deleted: all conditions must hold. */
export interface Conditions {
  artifact_type: 'image';
  /** Older than so many days; zero and less: of any age. */
  days_since_analyzed: number;
  even_if_exists_in_runtime_inventory: boolean;
  include_base_images: boolean;
  include_failed_analysis: boolean;
}

export type PolicyRow = Selectable<Schema['artifact_lifecycle_policy']> & { conditions: unknown };

/** These policies are of the installation: no account owns them. */
function selectPolicies(db: Db) {
  return db
    .selectFrom('artifact_lifecycle_policy as p')
    .innerJoin('artifact_lifecycle_policy_version as v', (join) =>
      join.onRef('v.policy', '=', 'p.uuid').onRef('v.version', '=', 'p.version'),
    )
    .selectAll('p')
    .select('v.conditions');
}

/** Policies of the installation, without deleted ones, oldest first. */
export function listPolicies(db: Db): Promise<PolicyRow[]> {
  return selectPolicies(db).where('p.deleted_at', 'is', null).orderBy('p.created_at').orderBy('p.uuid').execute();
}

/** A policy of the installation, deleted or not. */
export function findPolicy(db: Db, uuid: string): Promise<PolicyRow | undefined> {
  return selectPolicies(db).where('p.uuid', '=', uuid).executeTakeFirst();
}

/** Every version of the conditions of a policy, oldest first. */
export function versionsOf(db: Db, uuid: string) {
  return db
    .selectFrom('artifact_lifecycle_policy_version')
    .select(['version', 'conditions', 'created_at'])
    .where('policy', '=', uuid)
    .orderBy('version')
    .execute();
}

/** Keeps other writers of the installation away until the transaction ends; readers go on. Names and versions follow each other. */
export async function lockPolicies(tx: Db): Promise<void> {
  await sql`lock table artifact_lifecycle_policy in share row exclusive mode`.execute(tx);
}

/** Whether another policy that is not deleted has the name. */
export async function nameTaken(db: Db, name: string, except?: string): Promise<boolean> {
  const row = await db
    .selectFrom('artifact_lifecycle_policy')
    .select('uuid')
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .$if(except !== undefined, (query) => query.where('uuid', '<>', except!))
    .executeTakeFirst();
  return row !== undefined;
}

/** Creates a policy, or gives one a new version of its conditions. */
export async function savePolicy(
  tx: Db,
  policy: {
    uuid: string;
    name: string;
    description: string | null;
    action: 'delete';
    enabled: boolean;
    version: number;
  },
  conditions: Conditions,
): Promise<void> {
  const { uuid, ...rest } = policy;
  await tx
    .insertInto('artifact_lifecycle_policy')
    .values(policy)
    .onConflict((conflict) => conflict.column('uuid').doUpdateSet({ ...rest, updated_at: sql`now()` }))
    .execute();
  await tx
    .insertInto('artifact_lifecycle_policy_version')
    .values({ policy: uuid, version: policy.version, conditions: json(conditions) })
    .execute();
}

/** Marks a policy as deleted; it is kept for audit. */
export async function markDeleted(db: Db, uuid: string): Promise<void> {
  await db
    .updateTable('artifact_lifecycle_policy')
    .set({ deleted_at: sql`now()`, enabled: false, updated_at: sql`now()` })
    .where('uuid', '=', uuid)
    .execute();
}

/**
 * Images of every enabled account that meet the conditions which the database knows, oldest first. A base image is one
 * whose layers are the first layers of another image of the account.
 */
export async function expiredImages(
  db: Db,
  conditions: Conditions,
  limit: number,
): Promise<{ account: string; digest: string }[]> {
  const { rows } = await sql<{ account: string; digest: string }>`
    select i.account, i.digest
    from image i
    join account o on o.name = i.account and o.state = 'enabled'
    left join analysis a on a.id = i.analysis_id
    where i.image_status = 'active'
      and (i.analysis_status = 'analyzed' or (${conditions.include_failed_analysis} and i.analysis_status = 'analysis_failed'))
      and (${conditions.days_since_analyzed}::int <= 0
        or coalesce(i.analyzed_at, i.last_updated) < now() - make_interval(days => greatest(${conditions.days_since_analyzed}::int, 0)))
      and (${conditions.include_base_images} or a.id is null or a.layer_count = 0 or not exists (
        select 1 from analysis d join image di on di.analysis_id = d.id and di.account = i.account and di.image_status = 'active'
        where d.layer_digests @> a.layer_digests and d.layer_count > a.layer_count
          and d.layer_digests[1:a.layer_count] = a.layer_digests))
    order by coalesce(i.analyzed_at, i.last_updated), i.account, i.digest
    limit ${limit}`.execute(db);
  return rows;
}
