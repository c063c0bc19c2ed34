import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import { canonicalTag } from './image-names.ts';
import type { ReportedImage } from './report.ts';

/**
 * Images of these contexts of an account whose tags a list lacks are removed: the list is the whole of what runs there.
 * Those with a digest stay beside the same tag without one. Their own agent is heard in full the next time.
 */
export async function replaceListed(
  db: Db,
  account: string,
  contexts: readonly number[],
  images: readonly ReportedImage[],
): Promise<void> {
  if (contexts.length === 0) return;
  const tags = [...new Set(images.map(({ image_tag }) => canonicalTag(image_tag) ?? image_tag))];
  await sql`delete from inventory_image
    where account = ${account} and context_id = any(${contexts}::bigint[])
      and not coalesce(full_tag, image_tag) = any(${tags}::text[])`.execute(db);
  await sql`update inventory_context set content_hash = null
    where account = ${account} and id = any(${contexts}::bigint[])`.execute(db);
}
