import { sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import type { Match, MatchablePackage } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';

/** A build of the vulnerability data and the time it was in use. */
export interface BuildPeriod {
  checksum: string;
  built_at: Date;
  switched_at: Date;
  /** Null while it is in use. */
  replaced_at: Date | null;
}

const PERIODS = sql`(select checksum, built_at, switched_at,
  lead(switched_at) over (order by switched_at, id) as replaced_at from feed_switch) as s`;

/** The build in use at a time; undefined before the first one. */
export async function buildAt(db: Db, at: Date): Promise<BuildPeriod | undefined> {
  const { rows } = await sql<BuildPeriod>`
    select * from ${PERIODS} where s.switched_at <= ${at} order by s.switched_at desc limit 1`.execute(db);
  return rows[0];
}

/** The last time that a build was in use, by its checksum or the start of it (8 characters or more). */
export async function buildPeriod(db: Db, checksum: string): Promise<BuildPeriod | undefined> {
  const digest = checksum.startsWith('sha256:') ? checksum : `sha256:${checksum}`;
  const { rows } = await sql<BuildPeriod>`
    select * from ${PERIODS} where starts_with(s.checksum, ${digest}) or starts_with(s.checksum, ${checksum})
    order by s.switched_at desc limit 1`.execute(db);
  return rows[0];
}

/** The build that was in use before this one; undefined for the first. */
export async function buildBefore(db: Db, period: BuildPeriod): Promise<BuildPeriod | undefined> {
  const { rows } = await sql<BuildPeriod>`
    select * from ${PERIODS} where s.switched_at < ${period.switched_at} order by s.switched_at desc limit 1`.execute(
    db,
  );
  return rows[0];
}

/** When builds were built, by checksum. */
export async function buildDates(db: Db, checksums: string[]): Promise<Map<string, Date>> {
  if (checksums.length === 0) return new Map();
  const { rows } = await sql<{ checksum: string; built_at: Date }>`
    select distinct on (checksum) checksum, built_at from feed_switch
    where checksum = any(${checksums}::text[]) order by checksum, switched_at desc`.execute(db);
  return new Map(rows.map((row) => [row.checksum, row.built_at]));
}

/** A match of a package of an analysis that was open at a time, open or closed now. */
export interface PastMatch {
  id: number;
  package_id: number;
  document_id: string;
  path: string;
  layer: string | null;
  type: PackageType;
  name: string;
  version: string;
  match: Match;
  severity: string;
  first_seen_at: Date;
  opened_at: Date;
  opened_by_build: string;
  closed_at: Date | null;
  closed_by_build: string | null;
}

const OPEN_AT = (at: Date) => sql`m.opened_at <= ${at} and (m.closed_at is null or m.closed_at > ${at})`;

/** Matches of an analysis that were open at a time, without what is left to owners; in order of vulnerability and package. */
export async function matchesAt(db: Db, account: string, analysisId: number, at: Date): Promise<PastMatch[]> {
  const { rows } = await sql<PastMatch>`
    select m.id, ap.package_id, ap.document_id, ap.path, ap.layer, p.type, p.name, p.version, m.evidence as match,
           coalesce(v.severity, 'Unknown') as severity, m.first_seen_at, m.opened_at, m.opened_by_build, m.closed_at, m.closed_by_build
    from image_package ap
    join package p on p.id = ap.found_package_id
    join package_match m on m.package_id = ap.package_id and ${OPEN_AT(at)}
    left join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where ap.account = ${account} and ap.analysis_id = ${analysisId} and not ap.left_to_owner
    order by m.vulnerability, p.name, p.version, ap.path, m.namespace, m.id`.execute(db);
  return rows;
}

/** The last closing of each match of these packages between two times, by {@link closingKey}. */
export async function lastClosings(
  db: Db,
  packageIds: number[],
  from: Date,
  to: Date,
): Promise<Map<string, { at: Date; build: string }>> {
  if (packageIds.length === 0) return new Map();
  const { rows } = await sql<{
    package_id: number;
    vulnerability: string;
    namespace: string;
    closed_at: Date;
    closed_by_build: string;
  }>`
    select distinct on (m.package_id, m.vulnerability, m.namespace)
           m.package_id, m.vulnerability, m.namespace, m.closed_at, m.closed_by_build
    from package_match m
    where m.package_id = any(${packageIds}::bigint[]) and m.closed_at > ${from} and m.closed_at <= ${to}
    order by m.package_id, m.vulnerability, m.namespace, m.closed_at desc`.execute(db);
  return new Map(
    rows.map((row) => [
      closingKey(row.package_id, row.vulnerability, row.namespace),
      { at: row.closed_at, build: row.closed_by_build },
    ]),
  );
}

export function closingKey(packageId: number, vulnerability: string, namespace: string): string {
  return `${packageId} ${namespace} ${vulnerability}`;
}

/** How many packages of an analysis were not stored yet at a time: nothing was known of them then. */
export async function packagesUnknownAt(
  db: Db,
  analysisId: number,
  at: Date,
): Promise<{ unknown: number; all: number }> {
  const { rows } = await sql<{ unknown: number; all: number }>`
    select count(*) filter (where p.created_at > ${at})::int as unknown, count(*)::int as "all"
    from analysis_package ap join package p on p.id = ap.package_id
    where ap.analysis_id = ${analysisId}`.execute(db);
  return rows[0] ?? { unknown: 0, all: 0 };
}

/** Matcher input of packages, for telling why a match went. */
export async function matchablesOf(db: Db, ids: number[]): Promise<Map<number, MatchablePackage>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; matchable: MatchablePackage }>`
    select id, matchable from package where id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [Number(row.id), row.matchable]));
}

/** One vulnerability that changed between two times for the images of an account. */
export interface ChangedVulnerability {
  change: 'added' | 'removed' | 'changed';
  vulnerability: string;
  namespace: string;
  severity: string;
  packages: string[];
  images: number;
  total: number;
}

/** How much changed, of one kind. */
export interface ChangeTotals {
  change: ChangedVulnerability['change'];
  findings: number;
  vulnerabilities: number;
  packages: number;
  images: number;
  tags: number;
}

/**
 * Matches that differ between two times, of packages that an active image of the account has and no owner answers for.
 * Packages seen for the first time in between are left out: their matches are new without any change of the data.
 */
function differing(account: string, from: Date, to: Date) {
  return sql`
    with then_open as (
      select m.* from package_match m where m.opened_at <= ${from} and m.closed_at > ${from} and m.closed_at <= ${to}),
    now_open as (
      select m.* from package_match m
      where m.opened_at > ${from} and m.opened_at <= ${to} and (m.closed_at is null or m.closed_at > ${to})),
    changed as (
      select coalesce(n.package_id, o.package_id) as package_id, coalesce(n.vulnerability, o.vulnerability) as vulnerability,
             coalesce(n.namespace, o.namespace) as namespace,
             case when o.id is null then 'added' when n.id is null then 'removed' else 'changed' end as change
      from then_open o
      full join now_open n on n.package_id = o.package_id and n.vulnerability = o.vulnerability and n.namespace = o.namespace),
    touched as (
      select distinct c.package_id, c.vulnerability, c.namespace, c.change, p.name as package, i.digest
      from changed c
      join package p on p.id = c.package_id and p.created_at <= ${from}
      join image_package ap on ap.package_id = c.package_id and ap.account = ${account} and not ap.left_to_owner
      join image i on i.account = ap.account and i.digest = ap.digest and i.image_status = 'active')`;
}

/** Totals by kind of change. Compares only matches that were opened or closed in between: the cost follows the change. */
export async function changeTotals(db: Db, account: string, from: Date, to: Date): Promise<ChangeTotals[]> {
  const { rows } = await sql<ChangeTotals>`
    ${differing(account, from, to)}
    select t.change, count(distinct (t.package_id, t.vulnerability, t.namespace))::int as findings,
           count(distinct t.vulnerability)::int as vulnerabilities, count(distinct t.package_id)::int as packages,
           count(distinct t.digest)::int as images,
           (select count(distinct (g.registry, g.repository, g.tag)) from tag_mapping g
            where g.account = ${account} and g.closed_at is null
              and g.digest in (select u.digest from touched u where u.change = t.change))::int as tags
    from touched t group by t.change`.execute(db);
  return rows;
}

/** The vulnerabilities that changed, those of most images first. */
export async function changedVulnerabilities(
  db: Db,
  account: string,
  from: Date,
  to: Date,
  page: { limit: number; offset: number },
): Promise<ChangedVulnerability[]> {
  const { rows } = await sql<ChangedVulnerability>`
    ${differing(account, from, to)}
    select t.change, t.vulnerability, t.namespace, coalesce(max(v.severity), 'Unknown') as severity,
           (array_agg(distinct t.package order by t.package))[1:20] as packages, count(distinct t.digest)::int as images,
           (count(*) over ())::int as total
    from touched t
    left join vulnerability v on v.id = t.vulnerability and v.namespace = t.namespace
    group by t.change, t.vulnerability, t.namespace
    order by images desc, t.vulnerability, t.namespace, t.change
    limit ${page.limit} offset ${page.offset}`.execute(db);
  return rows;
}
