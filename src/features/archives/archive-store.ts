import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type ArchivedRow = Selectable<Schema['archived_image']>;

/** A tag of an archived image, as it was. */
export interface ArchivedTag {
  pull_string: string;
  registry: string;
  repository: string;
  tag: string;
  detected_at: string;
}

/** What an account has in its archive. */
export async function summarize(db: Db, account: string) {
  const images = await db
    .selectFrom('archived_image')
    .select([
      sql<number>`count(*)::int`.as('images'),
      sql<number>`coalesce(sum(jsonb_array_length(image_detail)), 0)::int`.as('tags'),
      sql<number>`coalesce(sum(archive_size), 0)::float8`.as('bytes'),
      sql<Date | null>`max(last_updated)`.as('last_updated'),
    ])
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  const rules = await db
    .selectFrom('archive_rule')
    .select([sql<number>`count(*)::int`.as('count'), sql<Date | null>`max(last_updated)`.as('last_updated')])
    .where((eb) => eb.or([eb('account', '=', account), eb('system_global', '=', true)]))
    .executeTakeFirstOrThrow();
  return { images, rules };
}

/** Newest first. */
export function listArchived(db: Db, account: string): Promise<ArchivedRow[]> {
  return db
    .selectFrom('archived_image')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at', 'desc')
    .orderBy('digest')
    .execute();
}

export function findArchived(db: Db, account: string, digest: string): Promise<ArchivedRow | undefined> {
  return db
    .selectFrom('archived_image')
    .selectAll()
    .where('account', '=', account)
    .where('digest', '=', digest)
    .executeTakeFirst();
}

/** A complete archive record: the object exists already. Returns the key of the object that it replaces. */
export async function saveArchived(
  db: Db,
  account: string,
  image: {
    digest: string;
    parent_digest: string | null;
    annotations: unknown;
    image_detail: ArchivedTag[];
    object_key: string;
    archive_size: number;
    analyzed_at: Date | null;
  },
): Promise<string | null> {
  const former = await findArchived(db, account, image.digest);
  const { digest, ...rest } = image;
  const row = {
    ...rest,
    annotations: json(image.annotations),
    image_detail: json(image.image_detail),
    status: 'archived',
  } as const;
  await db
    .insertInto('archived_image')
    .values({ account, digest, ...row })
    .onConflict((conflict) =>
      conflict.columns(['account', 'digest']).doUpdateSet({ ...row, created_at: sql`now()`, last_updated: sql`now()` }),
    )
    .execute();
  return former?.object_key && former.object_key !== image.object_key ? former.object_key : null;
}

/** Removes the record; returns it, or undefined when there was none. */
export function deleteArchived(db: Db, account: string, digest: string): Promise<ArchivedRow | undefined> {
  return db
    .deleteFrom('archived_image')
    .where('account', '=', account)
    .where('digest', '=', digest)
    .returningAll()
    .executeTakeFirst();
}

/** Keys of the archive objects of an account. */
export async function archiveObjects(db: Db, account: string): Promise<string[]> {
  const rows = await db.selectFrom('archived_image').select('object_key').where('account', '=', account).execute();
  return rows.flatMap((row) => row.object_key ?? []);
}
