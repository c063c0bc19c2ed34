import { sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import { DETECTED_AT } from './conditions.ts';
import { FINDING_COLUMNS, type FindingRow, imagesOf, keyTable, prepareKeys } from './finding-rows-store.ts';
import { type FindingPage, findings } from './findings.ts';
import type { ListedImage } from './image-set.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

/** A package version that has a vulnerability in some images; null where they differ. */
export interface ArtifactRow {
  at: number;
  name: string;
  version: string;
  type: PackageType;
  namespace: string;
  severity: string;
  purl: string | null;
  closed_at: Date | null;
  fixed: boolean | null;
  wont_fix: boolean | null;
  fix_versions: string[] | null;
  /** These tell about the images; absent when they were not asked for. */
  path?: string | null;
  detected_at?: Date;
  images?: number;
}

/** Where a page of artifacts ended. */
export type ArtifactPosition = [name: string, version: string, type: string, namespace: string];

/** Which artifacts of each key, and what of them. */
export interface ArtifactWindow {
  after?: ArtifactPosition | undefined;
  limit?: number | undefined;
  /** With path, time of detection and number of images: all images have to be looked at. */
  places: boolean;
}

const ORDER = sql`name collate "C", version collate "C", type collate "C", namespace collate "C"`;
/** The one value that all rows have. */
const same = (expression: ReturnType<typeof sql>) =>
  sql`case when count(distinct ${expression}) = 1 and count(*) = count(${expression}) then min(${expression}) end`;

/** Artifacts below keys, behind a position, at most `limit` for each key. */
export async function artifactsBelow(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  { after, limit, places }: ArtifactWindow,
): Promise<ArtifactRow[]> {
  if (places) await prepareKeys(page, keys);
  const found = findings(page, {
    keys: keyTable(keys),
    columns: sql`k.at, p.name, p.version, p.type, m.namespace, v.severity, p.purl, m.closed_at, m.fix_state, m.fix_versions
      ${places ? sql`, ap.path, ${DETECTED_AT} as detected_at, ap.analysis_id` : sql``}`,
    withPackage: true,
    withRecord: true,
    withImage: places,
    read: places ? 'all' : 'exists',
    where: after
      ? [
          sql`(p.name collate "C", p.version collate "C", p.type collate "C", m.namespace collate "C")
          > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`,
        ]
      : [],
  });
  const artifacts = sql`
    select at::int, name, version, type, namespace, min(severity) as severity, ${same(sql`purl`)} as purl,
      case when count(*) = count(closed_at) then max(closed_at) end as closed_at,
      (${same(sql`(fix_state = 'fixed')::int`)}) = 1 as fixed,
      (${same(sql`(fix_state = 'wont-fix')::int`)}) = 1 as wont_fix, ${same(sql`fix_versions`)} as fix_versions
      ${places ? sql`, ${same(sql`path`)} as path, min(detected_at) as detected_at, count(distinct analysis_id)::int as images` : sql``}
    from (${found}) f group by 1, 2, 3, 4, 5`;
  return page.selection.context.rows<ArtifactRow>(
    limit === undefined
      ? sql`select * from (${artifacts}) a order by at, ${ORDER}`
      : sql`
        select * from (select *, row_number() over (partition by at order by ${ORDER}) as place from (${artifacts}) a) w
        where place <= ${limit} order by at, place`,
  );
}

/** Artifacts below each key, in the order of the keys: how many. */
export async function countArtifacts(page: FindingPage, keys: readonly VulnerabilityKey[]): Promise<number[]> {
  if (keys.length === 0) return [];
  const found = findings(page, {
    keys: keyTable(keys),
    columns: sql`k.at, p.name, p.version, p.type, m.namespace`,
    withPackage: true,
    read: 'exists',
  });
  const rows = await page.selection.context.rows<{ at: number; n: number }>(sql`
    select at::int, count(distinct (name, version, type, namespace))::int as n from (${found}) f group by 1`);
  const counts = new Map(rows.map(({ at, n }) => [at, n]));
  return keys.map((_, at) => counts.get(at + 1) ?? 0);
}

/** An artifact below a key. */
export interface ArtifactKey extends VulnerabilityKey {
  name: string;
  version: string;
  type: string;
  namespace: string;
}

/** Artifacts as a table of keys. */
function artifactTable(artifacts: readonly ArtifactKey[]) {
  const column = (name: keyof ArtifactKey) => sql`${artifacts.map((artifact) => artifact[name])}::text[]`;
  return sql`unnest(${sql.join((['id', 'account', 'name', 'version', 'type', 'namespace'] as const).map(column))})
    with ordinality k(id, account, name, version, type, namespace, at)`;
}

const OF_ARTIFACT = sql`p.name = k.name and p.version = k.version and p.type = k.type and m.namespace = k.namespace`;

/** Images of each artifact, by digest. */
export function imagesOfArtifacts(page: FindingPage, artifacts: readonly ArtifactKey[]): Promise<ListedImage[][]> {
  return imagesOf(page, artifacts, { keys: artifactTable(artifacts), withPackage: true, where: [OF_ARTIFACT] });
}

/** Findings of artifacts, with the place of their artifact among `artifacts`, from 1; by digest. */
export async function findingsOfArtifacts(
  page: FindingPage,
  artifacts: readonly ArtifactKey[],
): Promise<(FindingRow & { at: number })[]> {
  await prepareKeys(page, artifacts);
  return page.selection.context.rows<FindingRow & { at: number }>(sql`
    select * from (${findings(page, {
      keys: artifactTable(artifacts),
      columns: sql`k.at::int as at, ${FINDING_COLUMNS}`,
      withPackage: true,
      withRecord: true,
      withImage: true,
      where: [OF_ARTIFACT],
    })}) f
    order by at, digest collate "C", document_id collate "C"`);
}
