import { sql } from 'kysely';
import type { Analysis } from '#engine/model/analysis.ts';
import type { Distro } from '#engine/model/distro.ts';
import { OS_PACKAGE_TYPES, type Package } from '#engine/model/package.ts';
import { leftToOwners, packageIdentity, searchNames, toMatchable } from '#engine/vulnerabilities/index.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';
import type { AnalysisKeys } from './document.ts';

/**
 * Writes or replaces the analysis of a digest, its distinct packages and the bridge rows. Returns the analysis id.
 * With `account`, it is one that a client of that account made: nobody else ever sees it.
 */
export async function saveAnalysis(
  db: Db,
  digest: string,
  analysis: Analysis,
  keys: AnalysisKeys,
  account?: string,
): Promise<number> {
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
    .values({ digest, account: account ?? null, ...row })
    .onConflict((conflict) =>
      (account === undefined
        ? conflict.column('digest').where('account', 'is', null)
        : conflict.columns(['account', 'digest']).where('account', 'is not', null)
      ).doUpdateSet({ ...row, created_at: sql`now()` }),
    )
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
  const ids = await saveDistinctPackages(db, analysis.packages, analysis.distro);
  const bridge = analysis.packages.map((pkg, index) => ({
    package_id: ids[index],
    document_id: pkg.id,
    path: pkg.locations[0]?.path ?? '',
    layer: pkg.locations[0]?.layer ?? null,
    owned_by: pkg.ownedBy ?? null,
    left_to_owner: left.has(pkg.id),
  }));
  if (bridge.length === 0) return;
  await sql`
    insert into analysis_package (analysis_id, package_id, document_id, path, layer, owned_by, left_to_owner)
    select ${analysisId}, x.package_id, x.document_id, x.path, x.layer, x.owned_by, x.left_to_owner
    from jsonb_to_recordset(${json(bridge)}::jsonb) as x(package_id bigint, document_id text, path text, layer text, owned_by text, left_to_owner boolean)
    on conflict (analysis_id, document_id) do nothing`.execute(db);
}

/** Stores the distinct packages among these that are new. Returns the id of each, in the order given. */
export async function saveDistinctPackages(
  db: Db,
  packages: readonly Package[],
  imageDistro: Distro | undefined,
): Promise<number[]> {
  if (packages.length === 0) return [];
  const distinct = new Map<string, Record<string, unknown>>();
  const identities = packages.map((pkg) => {
    const matchable = toMatchable(pkg, imageDistro);
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
    return identity;
  });
  await sql`
    insert into package (identity, type, name, version, arch, distro_id, distro_version, purl, search_names, matchable)
    select x.identity, x.type, x.name, x.version, x.arch, x.distro_id, x.distro_version, x.purl,
           array(select jsonb_array_elements_text(x.search_names)), x.matchable
    from jsonb_to_recordset(${json([...distinct.values()])}::jsonb) as x(
      identity text, type text, name text, version text, arch text, distro_id text, distro_version text, purl text,
      search_names jsonb, matchable jsonb)
    order by x.identity
    on conflict (identity) do nothing`.execute(db);
  const rows = await db
    .selectFrom('package')
    .select(['id', 'identity'])
    .where('identity', '=', sql<string>`any(${[...distinct.keys()]}::text[])`)
    .execute();
  const ids = new Map(rows.map((row) => [row.identity, row.id]));
  return identities.map((identity) => ids.get(identity)!);
}

/** The analysis of an image of an account: the one that its row names. */
export function analysisOfImage(db: Db, { analysis_id: id }: { analysis_id: number | null }) {
  if (id === null) return Promise.resolve(undefined);
  return db.selectFrom('analysis').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The analysis of a digest that was made here. Account-free: callers check that the account has the image. */
export function sharedAnalysis(db: Db, digest: string) {
  return db
    .selectFrom('analysis')
    .selectAll()
    .where('digest', '=', digest)
    .where('account', 'is', null)
    .executeTakeFirst();
}

/** The analysis of a digest that a client of the account made. */
export function sentAnalysis(db: Db, account: string, digest: string) {
  return db
    .selectFrom('analysis')
    .selectAll()
    .where('digest', '=', digest)
    .where('account', '=', account)
    .executeTakeFirst();
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

/** Removes analyses of every account that no image and no source refers to; their objects are content-addressed and collected apart. */
export async function deleteOrphanAnalyses(db: Db): Promise<number> {
  const result = await sql`
    delete from analysis a
    where not exists (select 1 from image i where i.analysis_id = a.id)
      and not exists (select 1 from source s where s.analysis_id = a.id)
      and a.created_at < now() - interval '1 hour'`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
