import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** An analysis, with the tags of an account that lead to it. */
export interface TaggedAnalysis {
  account: string;
  analysis_id: number;
  /** Tags that ever pointed to it. */
  every: number;
  /** Tags that point to it. */
  current: number;
  /** The account corrected packages of it. */
  corrected: boolean;
}

/** Analyses that tags lead to, in order; of one account, or of all accounts. */
export async function taggedAnalyses(db: Db, account: string | undefined): Promise<TaggedAnalysis[]> {
  const { rows } = await sql<TaggedAnalysis>`
    select i.account, i.analysis_id, count(*)::float8 as every,
      (count(*) filter (where t.closed_at is null))::float8 as current,
      exists (select 1 from analysis_package_override o where o.account = i.account and o.analysis_id = i.analysis_id)
        as corrected
    from tag_mapping t join image i on i.account = t.account and i.digest = t.digest
    where i.image_status = 'active' and i.analysis_id is not null
      ${account === undefined ? sql`` : sql`and t.account = ${account}`}
    group by i.account, i.analysis_id
    order by i.analysis_id, i.account`.execute(db);
  return rows;
}

/** Analyses as an account sees them, or as every account sees them that corrected nothing. */
export interface AnalysisView {
  analyses: readonly number[];
  account?: string | undefined;
}

/** `ap(analysis_id, package_id, owned_by)`: packages that count. */
function packages({ analyses, account }: AnalysisView): RawBuilder<unknown> {
  const where = sql`analysis_id = any(${[...analyses]}::bigint[])`;
  return account === undefined
    ? sql`(select analysis_id, package_id, owned_by from analysis_package where ${where} and not left_to_owner) ap`
    : sql`(select analysis_id, package_id, owned_by from reported_package where account = ${account} and ${where}) ap`;
}

/**
 * Ids of the packages of analyses, joined by commas: one row for each package would take longer than all the rest. Those of
 * `doubted` that an OS package owns are left out.
 */
export async function packagesOfAnalyses(
  db: Db,
  view: AnalysisView,
  doubted: readonly number[],
): Promise<{ analysis_id: number; packages: string }[]> {
  const certain =
    doubted.length === 0 ? sql`true` : sql`(owned_by is null or package_id <> all(${[...doubted]}::bigint[]))`;
  const { rows } = await sql<{ analysis_id: number; packages: string }>`
    select analysis_id, string_agg(package_id::text, ',') as packages
    from ${packages(view)} where ${certain} group by analysis_id`.execute(db);
  return rows;
}

/** A package that another one owns. */
export interface OwnedPackage {
  analysis_id: number;
  package_id: number;
  /** As the account corrects it. Null: it is not in the analysis. */
  owner_id: number | null;
}

/** The packages that `packagesOfAnalyses` leaves out, with their owners. */
export async function ownedPackagesOfAnalyses(
  db: Db,
  view: AnalysisView,
  doubted: readonly number[],
): Promise<OwnedPackage[]> {
  const { rows } = await sql<OwnedPackage>`
    select ap.analysis_id, ap.package_id, coalesce(z.package_id, o.package_id) as owner_id
    from ${packages(view)}
    left join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by
    left join analysis_package_override z
      on z.account = ${view.account ?? null}::text and z.analysis_id = o.analysis_id and z.document_id = o.document_id
    where ap.owned_by is not null and ap.package_id = any(${[...doubted]}::bigint[])`.execute(db);
  return rows;
}

/** The record of a vulnerability, with packages that have it. */
export interface MatchedPackages {
  vulnerability: string;
  namespace: string;
  severity: string;
  exploited: boolean;
  /** Ids joined by commas. */
  packages: string;
  /** Those of them with a fix; null: none. */
  fixable: string | null;
}

/** Records of vulnerabilities that packages have now, whatever the account. */
export async function matchesOfPackages(db: Db, ids: readonly number[]): Promise<MatchedPackages[]> {
  const { rows } = await sql<MatchedPackages>`
    select m.vulnerability, m.namespace, v.severity,
      (v.id, v.namespace) in (select id, namespace from vulnerability where detail ? 'kev') as exploited,
      string_agg(m.package_id::text, ',') as packages,
      string_agg(m.package_id::text, ',') filter (where m.fix_state = 'fixed') as fixable
    from package_match m join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where m.package_id = any(${[...ids]}::bigint[]) and m.closed_at is null
    group by 1, 2, 3, 4`.execute(db);
  return rows;
}
