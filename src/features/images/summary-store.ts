import { sql } from 'kysely';
import { escapeLike } from '#platform/database/like.ts';
import type { Db } from '#platform/database/types.ts';
import { present } from '#shared/present.ts';

/** Query of the tag summary; lists are or-ed, `order_by` pairs with `order_by_descending` by position. */
export interface TagSummaryQuery {
  image_status: string[];
  analysis_status: string[];
  analyzed_since?: Date | undefined;
  registry?: string | undefined;
  repository?: string | undefined;
  tag?: string | undefined;
  order_by?: string[] | undefined;
  order_by_descending?: boolean[] | undefined;
  filter?: string | undefined;
  /** Only images that ran at this time or later. */
  running_since?: Date | undefined;
  limit?: number | undefined;
  page: number;
}

const ORDER_COLUMNS: Record<string, string> = {
  image_digest: 'i.digest',
  parent_digest: 'i.parent_digest',
  analysis_status: 'i.analysis_status',
  created_at: 'i.created_at',
  image_id: 'i.image_id',
  analyzed_at: 'i.analyzed_at',
  tag_detected_at: 't.detected_at',
  image_status: 'i.image_status',
  full_tag: 'full_tag',
};

/** One row per tag and digest, with the number of all rows. Times are epoch seconds. */
export async function imageTagSummaries(db: Db, account: string, query: TagSummaryQuery) {
  const conditions = [sql`i.account = ${account}`];
  if (!query.image_status.includes('all')) conditions.push(sql`i.image_status = any(${query.image_status}::text[])`);
  if (!query.analysis_status.includes('all'))
    conditions.push(sql`i.analysis_status = any(${query.analysis_status}::text[])`);
  if (query.analyzed_since) conditions.push(sql`i.analyzed_at > ${query.analyzed_since}`);
  if (query.registry) conditions.push(sql`t.registry = ${query.registry}`);
  if (query.repository) conditions.push(sql`t.repository = ${query.repository}`);
  if (query.tag) conditions.push(sql`t.tag = ${query.tag}`);
  if (query.running_since)
    conditions.push(sql`i.digest in (select digest from running_images(${account}, ${query.running_since}))`);
  if (query.filter) {
    const pattern = `%${escapeLike(query.filter)}%`;
    conditions.push(
      sql`(i.digest like ${pattern} or t.registry || '/' || t.repository || ':' || t.tag like ${pattern})`,
    );
  }
  const order = (query.order_by ?? []).flatMap((name, index) => {
    const column = ORDER_COLUMNS[name];
    return column
      ? [sql`${sql.raw(column)} ${sql.raw(query.order_by_descending?.[index] ? 'desc nulls last' : 'asc nulls last')}`]
      : [];
  });
  const { rows } = await sql<{
    digest: string;
    parent_digest: string | null;
    image_id: string | null;
    analysis_status: string;
    image_status: string;
    full_tag: string;
    created_at: number;
    analyzed_at: number | null;
    tag_detected_at: number;
    total: number;
  }>`
    select i.digest, i.parent_digest, i.image_id, i.analysis_status, i.image_status,
           t.registry || '/' || t.repository || ':' || t.tag as full_tag,
           extract(epoch from i.created_at)::int as created_at, extract(epoch from i.analyzed_at)::int as analyzed_at,
           extract(epoch from t.detected_at)::int as tag_detected_at, (count(*) over ())::int as total
    from image i
    join (select account, digest, registry, repository, tag, max(detected_at) as detected_at
          from tag_mapping where account = ${account} group by 1, 2, 3, 4, 5) t on t.account = i.account and t.digest = i.digest
    where ${sql.join(conditions, sql` and `)}
    order by ${sql.join([...order, sql`t.detected_at desc`, sql`i.digest`, sql`full_tag`])}
    ${query.limit === undefined ? sql`` : sql`limit ${query.limit} offset ${Math.min((query.page - 1) * query.limit, Number.MAX_SAFE_INTEGER)}`}`.execute(
    db,
  );
  return {
    items: rows.map(({ total: _total, digest, image_id, parent_digest, ...row }) =>
      present({
        image_digest: digest,
        parent_digest: parent_digest ?? digest,
        image_id: image_id?.replace(/^sha256:/, ''),
        ...row,
      }),
    ),
    total_rows: rows[0]?.total ?? 0,
  };
}

/** Numbers of tags and images by state. */
export async function imageCounts(
  db: Db,
  account: string,
  query: { image_status: string[]; registry?: string | undefined; repo?: string | undefined },
) {
  const conditions = [sql`i.account = ${account}`];
  if (!query.image_status.includes('all')) conditions.push(sql`i.image_status = any(${query.image_status}::text[])`);
  if (query.registry) conditions.push(sql`t.registry = ${query.registry}`);
  if (query.repo) conditions.push(sql`t.repository = ${query.repo}`);
  const { rows } = await sql<Record<'tags' | 'images' | 'analyzed' | 'analyzing' | 'pending' | 'failed', number>>`
    select count(distinct (t.registry, t.repository, t.tag)) filter (where t.tag is not null)::int as tags,
           count(distinct i.digest)::int as images,
           count(distinct i.digest) filter (where i.analysis_status = 'analyzed')::int as analyzed,
           count(distinct i.digest) filter (where i.analysis_status = 'analyzing')::int as analyzing,
           count(distinct i.digest) filter (where i.analysis_status = 'not_analyzed')::int as pending,
           count(distinct i.digest) filter (where i.analysis_status = 'analysis_failed')::int as failed
    from image i left join tag_mapping t on t.account = i.account and t.digest = i.digest
    where ${sql.join(conditions, sql` and `)}`.execute(db);
  return rows[0]!;
}
