import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import type { InventoryType } from './report.ts';

/** Exact filters of the list of images, and-ed. */
export interface ImageFilter {
  inventory_type?: InventoryType | undefined;
  image_digest?: string | undefined;
  context?: string | undefined;
}

/** Rows fetched at once. */
export const PAGE_ROWS = 2_000;

/** A context name of an account with the number of its rows. */
export interface ContextSize {
  inventory_type: InventoryType;
  context: string;
  rows: number;
}

/** Contexts of an account that hold images, in the order of the list. */
export async function contextSizes(db: Db, account: string, filter: ImageFilter): Promise<ContextSize[]> {
  const conditions = [sql`c.account = ${account}`];
  if (filter.inventory_type) conditions.push(sql`k.inventory_type = ${filter.inventory_type}`);
  if (filter.context !== undefined) conditions.push(sql`c.context = ${filter.context}`);
  if (filter.image_digest !== undefined) conditions.push(sql`i.image_digest = ${filter.image_digest}`);
  const { rows } = await sql<ContextSize>`
    select k.inventory_type, c.context, count(*)::int as rows
    from inventory_context c
    join reported_cluster k on k.id = c.cluster_id
    join inventory_image i on i.context_id = c.id
    where ${sql.join(conditions, sql` and `)}
    group by 1, 2 order by c.context collate "C", 1`.execute(db);
  return rows;
}

/** Rows of the list, written as JSON by the database: a list may be too long for objects of each row. */
export interface RenderedRows {
  /** Objects of the list, joined by commas; null when there is none. */
  text: string | null;
}

/** A place in the list of one context. */
export interface ImageKey {
  image_tag: string;
  image_digest: string;
}

/** Where the next page of a context of an account ends, behind `after`; undefined at the end of the list. */
export async function pageEnd(
  db: Db,
  account: string,
  context: string,
  after: ImageKey | undefined,
): Promise<ImageKey | undefined> {
  const { rows } = await sql<ImageKey>`
    select image_tag, image_digest from (
      select i.image_tag, i.image_digest
      from inventory_image i join inventory_context c on c.id = i.context_id
      where c.account = ${account} and c.context = ${context}
        ${after ? sql`and (i.image_tag collate "C", i.image_digest collate "C") > (${after.image_tag}, ${after.image_digest})` : sql``}
      order by i.image_tag collate "C", i.image_digest collate "C" limit ${PAGE_ROWS}) page
    order by image_tag collate "C" desc, image_digest collate "C" desc limit 1`.execute(db);
  return rows[0];
}

const time = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const ORDER = sql`context collate "C", inventory_type, image_tag collate "C", image_digest collate "C"`;

/**
 * Images of some contexts of an account by context, tag and digest; of a single context behind `after` up to `until`. What
 * several agents or namespaces of one name report is one row.
 */
export async function imagesOfContexts(
  db: Db,
  account: string,
  contexts: readonly string[],
  query: ImageFilter & { since: Date; after?: ImageKey | undefined; until?: ImageKey | undefined },
): Promise<RenderedRows> {
  const conditions = [sql`context = any(${contexts}::text[])`];
  if (query.inventory_type) conditions.push(sql`inventory_type = ${query.inventory_type}`);
  if (query.image_digest !== undefined) conditions.push(sql`image_digest = ${query.image_digest}`);
  if (query.after)
    conditions.push(
      sql`(image_tag collate "C", image_digest collate "C") > (${query.after.image_tag}, ${query.after.image_digest})`,
    );
  if (query.until)
    conditions.push(
      sql`(image_tag collate "C", image_digest collate "C") <= (${query.until.image_tag}, ${query.until.image_digest})`,
    );
  const { rows } = await sql<RenderedRows>`
    with listed as (
      select inventory_type, context, image_tag, image_digest, min(created_at) as created_at,
             max(last_updated) as last_updated, max(last_seen) as last_seen
      from inventory_rows(${account}, ${query.since})
      where ${sql.join(conditions, sql` and `)}
      group by 1, 2, 3, 4)
    select string_agg(json_build_object('inventory_type', inventory_type, 'context', context, 'image_tag', image_tag,
        'image_digest', image_digest, 'created_at', ${time('created_at')}, 'last_updated', ${time('last_updated')},
        'last_seen', ${time('last_seen')})::text, ',' order by ${ORDER}) as text
    from listed`.execute(db);
  return rows[0]!;
}
