import { sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import { DETECTED_AT } from './conditions.ts';
import {
  FINDING_COLUMNS,
  type FindingPage,
  type FindingRow,
  findingSets,
  findingsOfKeys,
  keyTable,
} from './finding-rows-store.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

/** A package version that has a vulnerability in some images; null where they differ. */
export interface ArtifactRow {
  at: number;
  name: string;
  version: string;
  type: PackageType;
  namespace: string;
  severity: string;
  path: string | null;
  purl: string | null;
  detected_at: Date;
  closed_at: Date | null;
  fixed: boolean | null;
  wont_fix: boolean | null;
  fix_versions: string[] | null;
  images: number;
}

/** Where a page of artifacts ended. */
export type ArtifactPosition = [name: string, version: string, type: string, namespace: string];

const ORDER = sql`name collate "C", version collate "C", type collate "C", namespace collate "C"`;
/** The one value that all rows have. */
const same = (expression: ReturnType<typeof sql>) =>
  sql`case when count(distinct ${expression}) = 1 and count(*) = count(${expression}) then min(${expression}) end`;

/** Artifacts below keys, behind a position, at most `limit` for each key. */
export function artifactsBelow(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  window: { after?: ArtifactPosition | undefined; limit?: number | undefined },
): Promise<ArtifactRow[]> {
  const { after, limit } = window;
  const behind = after
    ? sql`and (p.name collate "C", p.version collate "C", p.type collate "C", m.namespace collate "C")
        > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`
    : sql``;
  const artifacts = sql`
    select k.at::int as at, p.name, p.version, p.type, m.namespace, min(v.severity) as severity,
      ${same(sql`ap.path`)} as path, ${same(sql`p.purl`)} as purl, min(${DETECTED_AT}) as detected_at,
      case when count(*) = count(m.closed_at) then max(m.closed_at) end as closed_at,
      (${same(sql`(m.fix_state = 'fixed')::int`)}) = 1 as fixed,
      (${same(sql`(m.fix_state = 'wont-fix')::int`)}) = 1 as wont_fix,
      ${same(sql`m.fix_versions`)} as fix_versions, count(distinct ap.digest)::int as images
    ${findingsOfKeys(page, keyTable(keys), { withPackage: true, withRecord: true })} ${behind}
    group by 1, 2, 3, 4, 5`;
  return page.selection.context.rows<ArtifactRow>(sql`
    ${findingSets(page)}
    select * from (select *, row_number() over (partition by at order by ${ORDER}) as place from (${artifacts}) a) w
    ${limit === undefined ? sql`` : sql`where place <= ${limit}`}
    order by at, ${ORDER}`);
}

/** An artifact below a key. */
export interface ArtifactKey extends VulnerabilityKey {
  name: string;
  version: string;
  type: string;
  namespace: string;
}

/** Findings of artifacts, with the place of their artifact among `artifacts`, from 1; by digest. */
export function findingsOfArtifacts(
  page: FindingPage,
  artifacts: readonly ArtifactKey[],
): Promise<(FindingRow & { at: number })[]> {
  const column = (name: keyof ArtifactKey) => sql`${artifacts.map((artifact) => artifact[name])}::text[]`;
  const keys = sql`unnest(${sql.join((['id', 'account', 'name', 'version', 'type', 'namespace'] as const).map(column))})
    with ordinality k(id, account, name, version, type, namespace, at)`;
  const on = sql`p.name = k.name and p.version = k.version and p.type = k.type and m.namespace = k.namespace`;
  return page.selection.context.rows<FindingRow & { at: number }>(sql`
    ${findingSets(page)}
    select k.at::int as at, ${FINDING_COLUMNS}
    ${findingsOfKeys(page, keys, { withPackage: true, withRecord: true, on })}
    order by k.at, ap.digest collate "C", ap.document_id collate "C"`);
}
