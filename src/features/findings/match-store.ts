import { sql } from 'kysely';
import type { Match, MatchablePackage, SuppressedMatch, VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';
import { VALID_RUNS } from './match-run-store.ts';

/** A distinct package as the matcher needs it, with what is known of its result. */
export interface StoredPackage {
  id: number;
  matchable: MatchablePackage;
  /** It had a result before: what differs from it is news. */
  known: boolean;
  /** Digest of that result; null when it is not known. */
  digest: string | null;
}

const COLUMNS = sql`p.id, p.matchable, p.matched_with is not null as known, r.digest`;

/** Packages by id, in id order. */
export async function packagesById(db: Db, ids: readonly number[]): Promise<StoredPackage[]> {
  const { rows } = await sql<StoredPackage>`
    select ${COLUMNS} from package p left join package_result r on r.package_id = p.id
    where p.id = any(${ids as number[]}::bigint[]) order by p.id`.execute(db);
  return rows;
}

/** Those of these packages that have no result of a run that holds, or of the run given. `never`: without any result. */
export async function packagesToMatch(
  db: Db,
  ids: readonly number[],
  wanted: 'never' | { run: number; validToo: boolean },
): Promise<StoredPackage[]> {
  const missing =
    wanted === 'never'
      ? sql`p.matched_with is null`
      : wanted.validToo
        ? sql`(r.package_id is null or (r.run <> ${wanted.run} and r.run not in ${VALID_RUNS}))`
        : sql`r.run is distinct from ${wanted.run}`;
  const { rows } = await sql<StoredPackage>`
    select ${COLUMNS} from package p left join package_result r on r.package_id = p.id
    where p.id = any(${ids as number[]}::bigint[]) and ${missing} order by p.id`.execute(db);
  return rows;
}

/** An open match. */
export interface OpenMatch {
  id: number;
  package_id: number;
  evidence: Match;
}

/** Open matches of these packages. */
export async function openMatches(db: Db, packageIds: readonly number[]): Promise<OpenMatch[]> {
  if (packageIds.length === 0) return [];
  // Package by package: the planner may know nothing of a table that was filled a moment ago.
  const { rows } = await sql<OpenMatch>`
    select m.id, m.package_id, m.evidence from unnest(${packageIds as number[]}::bigint[]) as n(id)
    cross join lateral (
      select * from package_match m where m.package_id = n.id and m.closed_at is null offset 0) m`.execute(db);
  return rows;
}

/** Open matches by provider. */
export async function openMatchesByProvider(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ provider: string; count: number }>`
    select evidence ->> 'provider' as provider, count(*)::int as count
    from package_match where closed_at is null group by 1`.execute(db);
  return new Map(rows.map((row) => [row.provider, row.count]));
}

/** Closes matches by row id. */
export async function closeMatches(db: Db, ids: number[], build: string, run: number | null): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update package_match set closed_at = now(), closed_by_build = ${build}, closed_run = ${run}
    where id = any(${ids}::bigint[])`.execute(db);
}

/** A match to be opened; `run` is null for what nobody is to be told of. */
export interface NewMatch {
  package_id: number;
  match: Match;
  run: number | null;
}

/** Opens matches. One that was there before, with another fix or range, keeps its first sighting. */
export async function openNewMatches(db: Db, matches: NewMatch[], build: string): Promise<void> {
  if (matches.length === 0) return;
  const rows = matches.map(({ package_id, match, run }) => ({
    package_id,
    run,
    vulnerability: match.vulnerability,
    namespace: match.namespace,
    kind: match.kind,
    fix_state: match.fix.state,
    fix_versions: match.fix.versions,
    constraint_text: match.constraint,
    evidence: match,
  }));
  await sql`
    insert into package_match (package_id, vulnerability, namespace, kind, fix_state, fix_versions, constraint_text,
                               evidence, opened_by_build, opened_run, first_seen_at, fix_observed_at)
    select n.package_id, n.vulnerability, n.namespace, n.kind, n.fix_state,
           array(select jsonb_array_elements_text(n.fix_versions)), n.constraint_text, n.evidence, ${build}, n.run,
           coalesce(past.first_seen_at, now()),
           case when n.fix_state = 'fixed' then coalesce(past.fix_observed_at, now()) end
    from jsonb_to_recordset(${json(rows)}::jsonb) as n(package_id bigint, run bigint, vulnerability text,
      namespace text, kind text, fix_state text, fix_versions jsonb, constraint_text text, evidence jsonb)
    left join lateral (
      select min(p.first_seen_at) as first_seen_at, min(p.fix_observed_at) as fix_observed_at
      from package_match p
      where p.package_id = n.package_id and p.vulnerability = n.vulnerability and p.namespace = n.namespace) past on true
    on conflict (package_id, vulnerability, namespace) where closed_at is null do nothing`.execute(db);
}

/** Replaces the suppressed matches of these packages. */
export async function replaceSuppressed(
  db: Db,
  packages: { id: number; suppressed: SuppressedMatch[] }[],
): Promise<void> {
  const ids = packages.map(({ id }) => id);
  if (ids.length === 0) return;
  await sql`delete from suppressed_match where package_id = any(${ids}::bigint[])`.execute(db);
  const rows = packages.flatMap(({ id, suppressed }) =>
    suppressed.map((match) => ({
      package_id: id,
      vulnerability: match.vulnerability,
      namespace: match.namespace,
      rule: match.rule,
      reason: match.reason,
      evidence: match,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into suppressed_match (package_id, vulnerability, namespace, rule, reason, evidence)
    select * from jsonb_to_recordset(${json(rows)}::jsonb)
      as n(package_id bigint, vulnerability text, namespace text, rule text, reason text, evidence jsonb)
    on conflict do nothing`.execute(db);
}

/** Notes that packages were matched in a run; `same`: with the result that they had. */
export async function stampResults(
  db: Db,
  results: { id: number; digest: string; same: boolean }[],
  run: number,
): Promise<void> {
  const same = results.flatMap((result) => (result.same ? result.id : []));
  if (same.length > 0)
    await sql`update package_result set run = ${run} where package_id = any(${same}::bigint[])`.execute(db);
  const other = results.filter((result) => !result.same);
  if (other.length === 0) return;
  await sql`
    insert into package_result as r (package_id, run, first_run, digest)
    select n.id, ${run}, ${run}, n.digest
    from unnest(${other.map(({ id }) => id)}::bigint[], ${other.map(({ digest }) => digest)}::text[]) as n(id, digest)
    on conflict (package_id) do update set run = excluded.run, digest = excluded.digest`.execute(db);
}

/** Writes what packages show of a result that differs from the one before. */
export async function markMatched(db: Db, packages: { id: number; coverage: string }[], stamp: string): Promise<void> {
  if (packages.length === 0) return;
  await sql`
    update package p set matched_with = ${stamp}, coverage = n.coverage
    from unnest(${packages.map(({ id }) => id)}::bigint[], ${packages.map((pkg) => pkg.coverage)}::text[])
      as n(id, coverage)
    where p.id = n.id`.execute(db);
}

/** Facts whose change is news: policies and people act on them. */
const NEWS = (detail: ReturnType<typeof sql.ref>) =>
  sql`jsonb_build_object('severity', ${detail} -> 'severity', 'kev', ${detail} -> 'kev', 'cvss', ${detail} -> 'cvss')`;

/**
 * Stores facts of vulnerabilities; unchanged rows are left alone. EPSS alone is no change: it is read from the index.
 * What people act on is kept as a change of the run, when there is one. Returns how many rows were written.
 */
export async function writeVulnerabilities(
  db: Db,
  details: VulnerabilityDetail[],
  build: string,
  run: number | null,
): Promise<number> {
  if (details.length === 0) return 0;
  const rows = details.map((detail) => ({
    id: detail.id,
    namespace: detail.namespace,
    provider: detail.provider,
    severity: detail.severity,
    detail,
  }));
  const { rows: counts } = await sql<{ written: number }>`
    with n as materialized (
      select distinct on (id, namespace) id, namespace, provider, severity, detail
      from jsonb_to_recordset(${json(rows)}::jsonb)
        as x(id text, namespace text, provider text, severity text, detail jsonb)
      order by id, namespace),
    old as materialized (
      select v.id, v.namespace, v.detail from vulnerability v join n using (id, namespace)),
    written as (
      insert into vulnerability as v (id, namespace, provider, severity, detail, updated_by_build)
      select id, namespace, provider, severity, detail, ${build} from n
      on conflict (id, namespace) do update
        set provider = excluded.provider, severity = excluded.severity, detail = excluded.detail,
            updated_by_build = excluded.updated_by_build
        where v.detail - 'epss' is distinct from excluded.detail - 'epss'
      returning v.id, v.namespace),
    news as (
      insert into vulnerability_change as c (run, id, namespace, before, after)
      select ${run}::bigint, n.id, n.namespace, ${NEWS(sql.ref('old.detail'))}, ${NEWS(sql.ref('n.detail'))}
      from n join old using (id, namespace)
      where ${run}::bigint is not null and ${NEWS(sql.ref('old.detail'))} <> ${NEWS(sql.ref('n.detail'))}
      on conflict (run, id, namespace) do update set after = excluded.after)
    select count(*)::int as written from written`.execute(db);
  return counts[0]?.written ?? 0;
}

/** Key of a stored vulnerability. */
export interface VulnerabilityKey {
  id: string;
  namespace: string;
}

/** Stored vulnerabilities in key order after `after`. */
export function vulnerabilityKeys(db: Db, after: VulnerabilityKey, limit: number): Promise<VulnerabilityKey[]> {
  return db
    .selectFrom('vulnerability')
    .select(['id', 'namespace'])
    .where((eb) => eb(eb.refTuple('id', 'namespace'), '>', eb.tuple(after.id, after.namespace)))
    .orderBy('id')
    .orderBy('namespace')
    .limit(limit)
    .execute();
}

/** Stored vulnerabilities that come from these records; ids in lower case. */
export async function vulnerabilitiesOf(
  db: Db,
  records: { provider: string; id: string }[],
): Promise<VulnerabilityKey[]> {
  if (records.length === 0) return [];
  const { rows } = await sql<VulnerabilityKey>`
    select v.id, v.namespace
    from unnest(${records.map(({ provider }) => provider)}::text[], ${records.map(({ id }) => id)}::text[]) as n(provider, id)
    join vulnerability v on v.provider = n.provider and lower(v.id) = n.id`.execute(db);
  return rows;
}

/** Stored vulnerabilities that are, or have as an alias, one of these CVEs (upper case). */
export async function vulnerabilitiesAbout(
  db: Db,
  cves: string[],
): Promise<(VulnerabilityKey & { aliases: string[] })[]> {
  if (cves.length === 0) return [];
  const { rows } = await sql<VulnerabilityKey & { aliases: string[] }>`
    select id, namespace, detail -> 'aliases' as aliases from vulnerability where id = any(${cves}::text[])
    union
    select id, namespace, detail -> 'aliases' from vulnerability where detail -> 'aliases' ?| ${cves}::text[]`.execute(
    db,
  );
  return rows;
}
