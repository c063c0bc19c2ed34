import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** An analysed image that another one is built on. */
export interface Ancestor {
  image_digest: string;
  parent_digest: string;
  tags: string[];
  layers: string[];
  user_marked_base: boolean;
  chosen_base_image: boolean;
}

/** Annotation by which a user marks an image as a base image. */
const BASE_ANNOTATION = 'anchore.user/marked_base_image';

/**
 * Analysed images of the account whose layers are a proper prefix of this image's, longest first. The chosen base is the
 * longest one that a user marked, else the longest one.
 */
export async function ancestorsOf(
  db: Db,
  account: string,
  digest: string,
  layers: string[],
  options: { userBaseImages: boolean } = { userBaseImages: true },
): Promise<Ancestor[]> {
  if (layers.length < 2) return [];
  const { rows } = await sql<{
    digest: string;
    parent_digest: string | null;
    layer_digests: string[];
    annotations: Record<string, string>;
    tags: string[];
  }>`
    select i.digest, i.parent_digest, a.layer_digests, i.annotations,
           coalesce(array(select distinct t.registry || '/' || t.repository || ':' || t.tag from tag_mapping t
                          where t.account = i.account and t.digest = i.digest order by 1), '{}') as tags
    from analysis a
    join image i on i.analysis_id = a.id and i.account = ${account} and i.image_status = 'active'
    where i.digest <> ${digest}
      and a.layer_digests && ${[layers[0]!]}::text[]
      and cardinality(a.layer_digests) between 1 and ${layers.length - 1}
      and a.layer_digests = (${layers}::text[])[1:cardinality(a.layer_digests)]
    order by cardinality(a.layer_digests) desc, i.created_at`.execute(db);
  const marked = (row: (typeof rows)[number]) => row.annotations?.[BASE_ANNOTATION] === 'true';
  const chosen = (options.userBaseImages ? rows.find(marked) : undefined) ?? rows[0];
  return rows.map((row) => ({
    image_digest: row.digest,
    parent_digest: row.parent_digest ?? row.digest,
    tags: row.tags,
    layers: row.layer_digests,
    user_marked_base: marked(row),
    chosen_base_image: row === chosen,
  }));
}
