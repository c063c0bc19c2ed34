import { sql } from 'kysely';
import type { MatchablePackage, MatchResult, VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A distinct package as the matcher needs it. */
export interface StoredPackage {
  id: number;
  matchable: MatchablePackage;
}

/** Packages among `ids` (or of all, in id order after `afterId`) that were not matched with `stamp` yet. */
export async function unmatchedPackages(
  db: Db,
  stamp: string,
  selection: { ids: number[] } | { afterId: number; limit: number },
): Promise<StoredPackage[]> {
  let query = db
    .selectFrom('package')
    .select(['id', 'matchable'])
    .where((eb) => eb.or([eb('matched_with', 'is', null), eb('matched_with', '<>', stamp)]))
    .orderBy('id');
  query =
    'ids' in selection
      ? query.where('id', '=', sql<number>`any(${selection.ids}::bigint[])`)
      : query.where('id', '>', selection.afterId).limit(selection.limit);
  const rows = await query.execute();
  return rows.map((row) => ({ id: row.id, matchable: row.matchable as unknown as MatchablePackage }));
}

/** A new result for one distinct package. */
export interface PackageResult {
  id: number;
  result: MatchResult;
}

/** What {@link writeResults} changed. */
export interface MatchDelta {
  opened: number;
  closed: number;
}

/**
 * Brings the stored matches of these packages to the new results: vanished matches are closed, new ones opened; a match
 * whose fix or range changed is closed and opened again, keeping its first sighting. Equal matches are not touched, so
 * that the call may be repeated.
 */
export async function writeResults(
  db: Db,
  results: PackageResult[],
  build: string,
  stamp: string,
): Promise<MatchDelta> {
  if (results.length === 0) return { opened: 0, closed: 0 };
  const ids = results.map((r) => r.id);
  const matches = results.flatMap(({ id, result }) =>
    result.matches.map((match) => ({
      package_id: id,
      vulnerability: match.vulnerability,
      namespace: match.namespace,
      kind: match.kind,
      fix_state: match.fix.state,
      fix_versions: match.fix.versions,
      constraint_text: match.constraint,
      evidence: match,
    })),
  );
  const rows = json(matches);
  const recordset = sql`jsonb_to_recordset(${rows}::jsonb) as n(package_id bigint, vulnerability text, namespace text,
    kind text, fix_state text, fix_versions jsonb, constraint_text text, evidence jsonb)`;
  const closed = await sql`
    update package_match m set closed_at = now(), closed_by_build = ${build}
    where m.package_id = any(${ids}::bigint[]) and m.closed_at is null and not exists (
      select 1 from ${recordset}
      where n.package_id = m.package_id and n.vulnerability = m.vulnerability and n.namespace = m.namespace
        and n.kind = m.kind and n.fix_state = m.fix_state and n.constraint_text = m.constraint_text
        and array(select jsonb_array_elements_text(n.fix_versions)) = m.fix_versions)`.execute(db);
  const opened = await sql`
    insert into package_match (package_id, vulnerability, namespace, kind, fix_state, fix_versions, constraint_text,
                               evidence, opened_by_build, first_seen_at, fix_observed_at)
    select n.package_id, n.vulnerability, n.namespace, n.kind, n.fix_state,
           array(select jsonb_array_elements_text(n.fix_versions)), n.constraint_text, n.evidence, ${build},
           coalesce(past.first_seen_at, now()),
           case when n.fix_state = 'fixed' then coalesce(past.fix_observed_at, now()) end
    from ${recordset}
    left join lateral (
      select min(p.first_seen_at) as first_seen_at, min(p.fix_observed_at) as fix_observed_at
      from package_match p
      where p.package_id = n.package_id and p.vulnerability = n.vulnerability and p.namespace = n.namespace) past on true
    on conflict (package_id, vulnerability, namespace) where closed_at is null do nothing`.execute(db);
  await writeSuppressed(db, results, ids);
  await sql`
    update package p set matched_with = ${stamp}, coverage = n.coverage
    from jsonb_to_recordset(${json(results.map(({ id, result }) => ({ id, coverage: result.coverage })))}::jsonb)
      as n(id bigint, coverage text)
    where p.id = n.id`.execute(db);
  return { opened: Number(opened.numAffectedRows ?? 0), closed: Number(closed.numAffectedRows ?? 0) };
}

async function writeSuppressed(db: Db, results: PackageResult[], ids: number[]): Promise<void> {
  await sql`delete from suppressed_match where package_id = any(${ids}::bigint[])`.execute(db);
  const rows = results.flatMap(({ id, result }) =>
    result.suppressed.map((match) => ({
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

/** Stores facts of vulnerabilities; unchanged rows are left alone. */
export async function writeVulnerabilities(db: Db, details: VulnerabilityDetail[], build: string): Promise<void> {
  if (details.length === 0) return;
  const rows = details.map((detail) => ({
    id: detail.id,
    namespace: detail.namespace,
    provider: detail.provider,
    severity: detail.severity,
    detail,
  }));
  await sql`
    insert into vulnerability as v (id, namespace, provider, severity, detail, updated_by_build)
    select distinct on (n.id, n.namespace) n.id, n.namespace, n.provider, n.severity, n.detail, ${build}
    from jsonb_to_recordset(${json(rows)}::jsonb)
      as n(id text, namespace text, provider text, severity text, detail jsonb)
    order by n.id, n.namespace
    on conflict (id, namespace) do update
      set provider = excluded.provider, severity = excluded.severity, detail = excluded.detail,
          updated_by_build = excluded.updated_by_build
      where v.detail is distinct from excluded.detail`.execute(db);
}

/** Stored vulnerabilities in key order after `after`, for the refresh that follows a new build. */
export function vulnerabilityKeys(db: Db, after: { id: string; namespace: string }, limit: number) {
  return db
    .selectFrom('vulnerability')
    .select(['id', 'namespace'])
    .where((eb) => eb(eb.refTuple('id', 'namespace'), '>', eb.tuple(after.id, after.namespace)))
    .orderBy('id')
    .orderBy('namespace')
    .limit(limit)
    .execute();
}
