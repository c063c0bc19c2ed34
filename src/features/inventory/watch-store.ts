import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A running image that is watched and not in the catalogue. */
export interface WatchedImage {
  account: string;
  image_tag: string;
  image_digest: string;
  full_tag: string | null;
  failures: number | null;
  failed_at: Date | null;
  next_attempt_at: Date | null;
}

/** Accounts that are enabled and watch something that runs, of all accounts. */
export async function watchingAccounts(db: Db): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select distinct s.account from subscription s join account a on a.name = s.account and a.state = 'enabled'
    where s.subscription_type = 'runtime_inventory' and s.active order by 1`.execute(db);
  return rows.map(({ account }) => account);
}

/**
 * Images of an account that run in watched contexts (the key names a context, or a cluster and so all of its contexts)
 * and are not in the catalogue, each once, with the failures of earlier attempts.
 */
export async function watchedImages(db: Db, account: string, since: Date): Promise<WatchedImage[]> {
  const { rows } = await sql<WatchedImage>`
    select distinct on (coalesce(nullif(r.image_digest, ''), r.full_tag)) ${account} as account, r.image_tag, r.image_digest, r.full_tag,
      f.failures, f.failed_at, f.next_attempt_at
    from running_images(${account}, ${since}) r
    join subscription s on s.account = ${account} and s.subscription_type = 'runtime_inventory' and s.active
      and s.subscription_key in (r.context, r.cluster)
    left join inventory_watch_failure f on f.account = ${account}
      and f.reference = coalesce(nullif(r.image_digest, ''), r.full_tag)
    where r.digest is null and (r.full_tag is not null or r.image_digest <> '')
      and not exists (
        select 1 from image i where i.account = ${account} and r.image_digest <> ''
          and (i.digest = r.image_digest or i.parent_digest = r.image_digest))
    order by coalesce(nullif(r.image_digest, ''), r.full_tag), (r.full_tag is null), r.last_seen desc`.execute(db);
  return rows;
}

/** Records of registries of an account and when they changed. */
export async function registryChanges(db: Db, account: string): Promise<{ registry: string; last_updated: Date }[]> {
  return db.selectFrom('registry').select(['registry', 'last_updated']).where('account', '=', account).execute();
}

/** Notes a failed attempt for an account and when the next one is due. */
export async function noteFailure(
  db: Db,
  account: string,
  failure: { reference: string; failures: number; error: string; failed_at: Date; next_attempt_at: Date },
): Promise<void> {
  const { failures, error, failed_at, next_attempt_at } = failure;
  await db
    .insertInto('inventory_watch_failure')
    .values({ account, ...failure })
    .onConflict((conflict) =>
      conflict.columns(['account', 'reference']).doUpdateSet({ failures, error, failed_at, next_attempt_at }),
    )
    .execute();
}

/** Forgets the failures of an image of an account. */
export async function forgetFailure(db: Db, account: string, reference: string): Promise<void> {
  await db
    .deleteFrom('inventory_watch_failure')
    .where('account', '=', account)
    .where('reference', '=', reference)
    .execute();
}

/** Forgets failures of every account that are not tried any more. */
export async function expireFailures(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('inventory_watch_failure').where('next_attempt_at', '<', before).execute();
}
