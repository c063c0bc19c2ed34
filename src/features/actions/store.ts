import type { Selectable } from 'kysely';
import type { ActionPlan } from '#contract/actions.ts';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type PlanRow = Selectable<Schema['action_plan']>;

export function insertPlan(db: Db, account: string, uuid: string, plan: ActionPlan): Promise<PlanRow> {
  const { image_tag = null, image_digest = null } = plan;
  return db
    .insertInto('action_plan')
    .values({ uuid, account, plan: json(plan), image_tag, image_digest })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Newest first. */
export function listPlans(
  db: Db,
  account: string,
  filter: { image_tag?: string; image_digest?: string; created_after?: Date },
): Promise<PlanRow[]> {
  let query = db.selectFrom('action_plan').selectAll().where('account', '=', account);
  if (filter.image_tag !== undefined) query = query.where('image_tag', '=', filter.image_tag);
  if (filter.image_digest !== undefined) query = query.where('image_digest', '=', filter.image_digest);
  if (filter.created_after) query = query.where('created_at', '>', filter.created_after);
  return query.orderBy('created_at', 'desc').orderBy('uuid').limit(1_000).execute();
}
