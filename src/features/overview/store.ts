import { sql } from 'kysely';
import { escapeLike } from '#platform/database/like.ts';
import type { Db } from '#platform/database/types.ts';

/** Order of the overview. */
export type OverviewOrder = 'created_at' | 'analyzed_at' | 'full_tag' | 'critical' | 'high' | 'packages';

export interface OverviewQuery {
  search?: string | undefined;
  analysis_status?: string[] | undefined;
  verdict?: 'pass' | 'fail' | undefined;
  severity?: string | undefined;
  order_by: OverviewOrder;
  descending: boolean;
  page: number;
  limit: number;
}

/** An image with its verdict and counts. */
export interface OverviewRow {
  digest: string;
  parent_digest: string | null;
  image_id: string | null;
  image_status: 'active' | 'deleting';
  analysis_status: 'not_analyzed' | 'analyzing' | 'analyzed' | 'analysis_failed';
  analysis_error: string | null;
  progress: Record<string, unknown> | null;
  created_at: Date;
  analyzed_at: Date | null;
  full_tags: string[];
  distro_id: string | null;
  distro_version: string | null;
  arch: string | null;
  image_size: number | null;
  packages: number | null;
  problems: { code: string; message: string }[] | null;
  /** Packages by state of their vulnerability data. */
  coverage: Record<string, number> | null;
  counts: Record<string, number> | null;
  fixable: number;
  known_exploited: number;
  status: 'pass' | 'fail' | null;
  final_action: 'go' | 'warn' | 'stop' | null;
  evaluated_at: Date | null;
  total: number;
}

const ORDER: Record<OverviewOrder, string> = {
  created_at: 'created_at',
  analyzed_at: 'analyzed_at',
  full_tag: 'full_tags',
  critical: "(counts ->> 'Critical')::int",
  high: "(counts ->> 'High')::int",
  packages: 'packages',
};

const SEVERITIES = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'];

/** Severity words of at least this one, as stored. */
function atLeast(severity: string): string[] {
  return SEVERITIES.slice(SEVERITIES.indexOf(severity)).map((word) => word[0]!.toUpperCase() + word.slice(1));
}

/** A page of the images of an account: tags, verdict of the active policy, vulnerability counts. */
export async function listOverview(db: Db, account: string, query: OverviewQuery): Promise<OverviewRow[]> {
  const conditions = [sql`i.account = ${account}`, sql`i.image_status = 'active'`];
  if (query.analysis_status?.length) conditions.push(sql`i.analysis_status = any(${query.analysis_status}::text[])`);
  if (query.search) {
    const pattern = `%${escapeLike(query.search)}%`;
    conditions.push(sql`(i.digest like ${pattern} or exists (
      select 1 from tag_mapping s where s.account = i.account and s.digest = i.digest
        and s.registry || '/' || s.repository || ':' || s.tag ilike ${pattern}))`);
  }
  const outer = [sql`true`];
  if (query.verdict) outer.push(sql`status = ${query.verdict}`);
  if (query.severity) outer.push(sql`counts ?| ${atLeast(query.severity)}::text[]`);
  const { rows } = await sql<OverviewRow>`
    with listed as (
      select i.digest, i.parent_digest, i.image_id, i.image_status, i.analysis_status, i.analysis_error, i.progress,
             i.created_at, i.analyzed_at, a.distro_id, a.distro_version, a.arch, a.image_size, a.problems,
             (select sum(value::int)::int from jsonb_each_text(a.package_counts)) as packages,
             array(select distinct t.registry || '/' || t.repository || ':' || t.tag from tag_mapping t
                   where t.account = i.account and t.digest = i.digest order by 1) as full_tags,
             (select jsonb_object_agg(state, n) from (
                select case when p.matched_with is null then 'not-matched' else p.coverage end as state, count(*)::int as n
                from image_package ap join package p on p.id = ap.package_id
                where ap.account = i.account and ap.digest = i.digest group by 1) c) as coverage,
             m.counts, coalesce(m.fixable, 0) as fixable, coalesce(m.known_exploited, 0) as known_exploited,
             e.status, e.final_action, e.evaluated_at
      from image i
      left join analysis a on a.id = i.analysis_id
      left join lateral (
        select jsonb_object_agg(severity, count) as counts, sum(fixable)::int as fixable, sum(kev)::int as known_exploited
        from (
          select v.severity, count(*)::int as count,
                 count(*) filter (where x.fixable)::int as fixable,
                 count(*) filter (where v.detail ? 'kev')::int as kev
          from (
            select pm.vulnerability, pm.namespace, bool_or(pm.fix_state = 'fixed') as fixable
            from image_package ap
            join package_match pm on pm.package_id = ap.package_id and pm.closed_at is null
            where ap.account = i.account and ap.digest = i.digest
              and not ap.left_to_owner
            group by pm.package_id, pm.vulnerability, pm.namespace) x
          join vulnerability v on v.id = x.vulnerability and v.namespace = x.namespace
          group by v.severity) s) m on i.analysis_id is not null
      left join lateral (
        select ev.status, ev.final_action, ev.evaluated_at
        from evaluation ev join policy p on p.account = ev.account and p.policy_id = ev.policy_id and p.active
        where ev.account = i.account and ev.digest = i.digest
        order by ev.evaluated_at desc limit 1) e on true
      where ${sql.join(conditions, sql` and `)})
    select *, (count(*) over ())::int as total from listed
    where ${sql.join(outer, sql` and `)}
    order by ${sql.raw(ORDER[query.order_by])} ${sql.raw(query.descending ? 'desc nulls last' : 'asc nulls last')}, digest
    limit ${query.limit} offset ${Math.min((query.page - 1) * query.limit, Number.MAX_SAFE_INTEGER)}`.execute(db);
  return rows;
}
