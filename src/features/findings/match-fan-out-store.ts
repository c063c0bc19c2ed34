import { type RawBuilder, sql } from 'kysely';
import type { Match, MatchablePackage } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';

/** Matches that a run opened or closed, what it undid itself left out. `before` and `now` are row ids. */
function changedMatches(run: number): RawBuilder<unknown> {
  return sql`(
    select coalesce(o.package_id, c.package_id) as package_id, coalesce(o.vulnerability, c.vulnerability) as vulnerability,
           coalesce(o.namespace, c.namespace) as namespace, c.id as before, o.id as now
    from (select * from package_match where opened_run = ${run} and closed_at is null) o
    full join (select * from package_match where closed_run = ${run} and opened_run is distinct from ${run}) c
      on c.package_id = o.package_id and c.vulnerability = o.vulnerability and c.namespace = o.namespace)`;
}

/** Open matches of vulnerabilities whose facts a run changed. */
function changedFacts(run: number): RawBuilder<unknown> {
  return sql`(
    select m.package_id, m.vulnerability, m.namespace, m.id
    from vulnerability_change f
    join package_match m on m.vulnerability = f.id and m.namespace = f.namespace and m.closed_at is null
    where f.run = ${run} and f.before <> f.after)`;
}

/** Runs whose affected images are kept. */
const KEPT_RUNS = 3;

/**
 * Notes which images show something else after a run than before. What is left to the owner of a package is not shown;
 * corrections of the account count. Returns their accounts.
 */
export async function noteAffectedImages(tx: Db, run: number): Promise<string[]> {
  const { rows: touched } = await sql<{ id: number; news: boolean }>`
    select package_id as id, bool_or(news) as news from (
      select package_id, true as news from ${changedMatches(run)} matches
      union all select package_id, true from ${changedFacts(run)} facts
      union all select package_id, false from package_result where first_run = ${run}) changes
    group by 1`.execute(tx);
  // As arrays: the planner cannot know how few these are, and would read every package of every image instead.
  for (const news of [true, false]) {
    const ids = touched.flatMap((row) => (row.news === news ? row.id : []));
    if (ids.length === 0) continue;
    await sql`
      insert into match_run_image (run, account, digest, analysis_id, news)
      select distinct ${run}::bigint, account, digest, analysis_id, ${news}::boolean
      from image_package where package_id = any(${ids}::bigint[]) and not left_to_owner
      on conflict do nothing`.execute(tx);
  }
  await sql`delete from match_run_image where run < ${run - KEPT_RUNS}`.execute(tx);
  const { rows } = await sql<{ account: string }>`
    select distinct account from match_run_image where run = ${run}`.execute(tx);
  return rows.map((row) => row.account);
}

/** A watched tag that points to an affected image. */
export interface WatchedTag {
  account: string;
  full_tag: string;
  digest: string;
  analysis_id: number;
  annotations: Record<string, unknown>;
}

/** Tags with an active subscription to changes of vulnerabilities whose present image is affected by a run. */
export async function watchedTags(db: Db, run: number): Promise<WatchedTag[]> {
  const { rows } = await sql<WatchedTag>`
    select s.account, s.subscription_key as full_tag, i.digest, i.analysis_id, i.annotations
    from match_run_image a
    join image i on i.account = a.account and i.digest = a.digest
      and i.image_status = 'active' and i.analysis_status = 'analyzed'
    join account on account.name = i.account and account.state = 'enabled'
    join tag_mapping t on t.account = i.account and t.digest = i.digest and t.closed_at is null
    join subscription s on s.account = t.account and s.subscription_type = 'vuln_update' and s.active
      and s.subscription_key = t.registry || '/' || t.repository || ':' || t.tag
    where a.run = ${run} and a.news
    order by s.account, s.subscription_key`.execute(db);
  return rows;
}

/** A change of one distinct package: a match opened, closed or amended, or a fact of its vulnerability changed. */
export interface PackageChange {
  package_id: number;
  vulnerability: string;
  namespace: string;
  before: Match | null;
  now: Match | null;
  severity: string | null;
  /** Of the vulnerability before, when the run changed it. */
  severity_before: string | null;
  kev: boolean;
  kev_before: boolean | null;
  link: string | null;
}

/** Distinct packages that a run changed something of. */
export async function changedPackages(db: Db, run: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select package_id as id from ${changedMatches(run)} matches
    union select package_id from ${changedFacts(run)} facts`.execute(db);
  return rows.map((row) => row.id);
}

/** What a run changed of these packages. */
export async function changesOf(db: Db, run: number, packages: number[]): Promise<PackageChange[]> {
  const { rows } = await sql<PackageChange>`
    with changed as (
      select c.package_id, c.vulnerability, c.namespace, c.before, c.now from ${changedMatches(run)} c
      where c.package_id = any(${packages}::bigint[])
      union all
      select f.package_id, f.vulnerability, f.namespace, f.id, f.id from ${changedFacts(run)} f
      join package_match m on m.id = f.id and m.opened_run is distinct from ${run}
      where f.package_id = any(${packages}::bigint[]))
    select c.package_id, c.vulnerability, c.namespace, b.evidence as before, n.evidence as now, v.severity,
           f.before ->> 'severity' as severity_before, v.detail ? 'kev' as kev,
           case when f.run is not null then f.before -> 'kev' <> 'null' end as kev_before,
           v.detail -> 'links' ->> 0 as link
    from changed c
    left join package_match b on b.id = c.before
    left join package_match n on n.id = c.now
    left join vulnerability v on v.id = c.vulnerability and v.namespace = c.namespace
    left join vulnerability_change f on f.run = ${run} and f.id = c.vulnerability and f.namespace = c.namespace
    order by c.vulnerability, c.namespace, c.package_id`.execute(db);
  return rows;
}

/** Where a changed package lies in an analysis. */
export interface ChangedPlace {
  account: string;
  analysis_id: number;
  package_id: number;
  document_id: string;
  path: string;
  owned_by: string | null;
  type: string;
  name: string;
  version: string;
}

/** Places of these packages in these analyses. */
export async function placesOf(db: Db, analyses: number[], packages: number[]): Promise<ChangedPlace[]> {
  const { rows } = await sql<ChangedPlace>`
    select ap.account, ap.analysis_id, ap.package_id, ap.document_id, ap.path, ap.owned_by, p.type, p.name, p.version
    from image_package ap join package p on p.id = ap.found_package_id
    where ap.analysis_id = any(${analyses}::bigint[]) and ap.package_id = any(${packages}::bigint[])
      and not ap.left_to_owner
    order by ap.analysis_id, p.name, p.version, ap.path`.execute(db);
  return rows;
}

/** The packages that own others in these analyses, by analysis and document id. */
export async function ownersOf(
  db: Db,
  places: { analysis_id: number; owned_by: string | null }[],
): Promise<Map<string, { type: string; name: string; version: string; matchable: MatchablePackage }>> {
  const owned = places.filter(({ owned_by }) => owned_by !== null);
  if (owned.length === 0) return new Map();
  const { rows } = await sql<{
    analysis_id: number;
    document_id: string;
    type: string;
    name: string;
    version: string;
    matchable: MatchablePackage;
  }>`
    select distinct ap.analysis_id, ap.document_id, p.type, p.name, p.version, p.matchable
    from unnest(${owned.map((place) => place.analysis_id)}::bigint[], ${owned.map((place) => place.owned_by)}::text[])
      as n(analysis_id, document_id)
    join analysis_package ap on ap.analysis_id = n.analysis_id and ap.document_id = n.document_id
    join package p on p.id = ap.package_id`.execute(db);
  return new Map(rows.map(({ analysis_id, document_id, ...owner }) => [`${analysis_id} ${document_id}`, owner]));
}
