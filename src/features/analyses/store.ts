import { sql } from 'kysely';
import type { Analysis } from '#engine/model/analysis.ts';
import { OS_PACKAGE_TYPES, type Package } from '#engine/model/package.ts';
import { leftToOwners, packageIdentity, searchNames, toMatchable } from '#engine/vulnerabilities/index.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';
import type { AnalysisKeys } from './document.ts';

/** Writes or replaces the analysis of a digest, its distinct packages and the bridge rows. Returns the analysis id. */
export async function saveAnalysis(db: Db, digest: string, analysis: Analysis, keys: AnalysisKeys): Promise<number> {
  const row = {
    analyzer_version: analysis.analyzerVersion,
    document_key: keys.document_key,
    files_key: keys.files_key,
    distro_id: analysis.distro?.id ?? null,
    distro_version: analysis.distro?.versionId ?? null,
    distro_like: analysis.distro?.idLike ?? [],
    arch: analysis.image?.architecture ?? null,
    image_size: analysis.image?.size ?? 0,
    layer_count: analysis.layers.length,
    layer_digests: analysis.layers.map((layer) => layer.digest),
    image_id: analysis.image?.imageId ?? '',
    dockerfile_mode: analysis.dockerfile?.mode ?? null,
    package_counts: JSON.stringify(countTypes(analysis.packages)),
    problems: json(analysis.problems),
  };
  const { id } = await db
    .insertInto('analysis')
    .values({ digest, ...row })
    .onConflict((conflict) => conflict.column('digest').doUpdateSet({ ...row, created_at: sql`now()` }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await savePackages(db, id, analysis);
  return id;
}

/** Packages per content type of the API. */
export function countTypes(packages: Package[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const pkg of packages) counts[pkg.type] = (counts[pkg.type] ?? 0) + 1;
  return counts;
}

async function savePackages(db: Db, analysisId: number, analysis: Analysis): Promise<void> {
  await db.deleteFrom('analysis_package').where('analysis_id', '=', analysisId).execute();
  const left = leftToOwners(analysis);
  const distinct = new Map<string, Record<string, unknown>>();
  const bridge: Record<string, unknown>[] = [];
  for (const pkg of analysis.packages) {
    const matchable = toMatchable(pkg, analysis.distro);
    const identity = packageIdentity(matchable);
    const distro = OS_PACKAGE_TYPES.has(pkg.type) ? matchable.distro : undefined;
    distinct.set(identity, {
      identity,
      type: pkg.type,
      name: pkg.name,
      version: pkg.version,
      arch: pkg.arch ?? null,
      distro_id: distro?.id ?? null,
      distro_version: distro?.versionId ?? null,
      purl: pkg.purl ?? null,
      search_names: searchNames(matchable),
      matchable,
    });
    bridge.push({
      identity,
      document_id: pkg.id,
      path: pkg.locations[0]?.path ?? '',
      layer: pkg.locations[0]?.layer ?? null,
      owned_by: pkg.ownedBy ?? null,
      left_to_owner: left.has(pkg.id),
    });
  }
  if (bridge.length === 0) return;
  const packagesJson = json([...distinct.values()]);
  const bridgeJson = json(bridge);
  await sql`
    insert into package (identity, type, name, version, arch, distro_id, distro_version, purl, search_names, matchable)
    select x.identity, x.type, x.name, x.version, x.arch, x.distro_id, x.distro_version, x.purl,
           array(select jsonb_array_elements_text(x.search_names)), x.matchable
    from jsonb_to_recordset(${packagesJson}::jsonb) as x(
      identity text, type text, name text, version text, arch text, distro_id text, distro_version text, purl text,
      search_names jsonb, matchable jsonb)
    order by x.identity
    on conflict (identity) do nothing`.execute(db);
  await sql`
    insert into analysis_package (analysis_id, package_id, document_id, path, layer, owned_by, left_to_owner)
    select ${analysisId}, p.id, x.document_id, x.path, x.layer, x.owned_by, x.left_to_owner
    from jsonb_to_recordset(${bridgeJson}::jsonb) as x(identity text, document_id text, path text, layer text, owned_by text, left_to_owner boolean)
    join package p on p.identity = x.identity
    on conflict (analysis_id, document_id) do nothing`.execute(db);
}

/** The analysis row of a digest. Account-free: callers check that the account has the image. */
export function findAnalysis(db: Db, digest: string) {
  return db.selectFrom('analysis').selectAll().where('digest', '=', digest).executeTakeFirst();
}

/** Ids of the distinct packages of an analysis. */
export async function packageIdsOf(db: Db, analysisId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('analysis_package')
    .select('package_id')
    .distinct()
    .where('analysis_id', '=', analysisId)
    .execute();
  return rows.map((row) => row.package_id);
}

/** Removes analyses of every account that no image refers to; their objects are content-addressed and collected apart. */
export async function deleteOrphanAnalyses(db: Db): Promise<number> {
  const result = await sql`
    delete from analysis a
    where not exists (select 1 from image i where i.analysis_id = a.id)
      and a.created_at < now() - interval '1 hour'`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
