import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A tag in its parts; `registry/repository:tag` is the full tag. */
export interface TagParts {
  registry: string;
  repository: string;
  tag: string;
}

export function fullTag(parts: TagParts): string {
  return `${parts.registry}/${parts.repository}:${parts.tag}`;
}

/**
 * Records that a tag pointed to a digest from `detectedAt` on. A newer sighting supersedes the current row; an older one
 * is filed into the past. Recording what the tag already points to changes nothing. Returns the digest it pointed to
 * before, when the tag moved.
 */
export async function mapTag(
  db: Db,
  account: string,
  parts: TagParts,
  digest: string,
  detectedAt: Date,
): Promise<{ moved: boolean; previous?: string }> {
  const current = await db
    .selectFrom('tag_mapping')
    .select(['id', 'digest', 'detected_at'])
    .where('account', '=', account)
    .where('registry', '=', parts.registry)
    .where('repository', '=', parts.repository)
    .where('tag', '=', parts.tag)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (current?.digest === digest) return { moved: false };
  const superseded = current !== undefined && current.detected_at > detectedAt;
  if (current && !superseded) {
    await db.updateTable('tag_mapping').set({ closed_at: detectedAt }).where('id', '=', current.id).execute();
  }
  await db
    .insertInto('tag_mapping')
    .values({ account, ...parts, digest, detected_at: detectedAt, closed_at: superseded ? current.detected_at : null })
    .execute();
  return current && !superseded ? { moved: true, previous: current.digest } : { moved: false };
}

/** Every tag that ever pointed to the digest, newest sighting first, each once. */
export function tagsOf(db: Db, account: string, digest: string) {
  return db
    .selectFrom('tag_mapping')
    .select([
      'registry',
      'repository',
      'tag',
      sql<Date>`max(detected_at)`.as('detected_at'),
      sql<boolean>`bool_or(closed_at is null)`.as('current'),
    ])
    .where('account', '=', account)
    .where('digest', '=', digest)
    .groupBy(['registry', 'repository', 'tag'])
    .orderBy('detected_at', 'desc')
    .execute();
}
