import { type RawBuilder, sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import { all, DETECTED_AT } from './conditions.ts';
import {
  accountOf,
  type FindingSelection,
  findingConditions,
  foundPackage,
  IN_IMAGE_SET,
  recordConditions,
  sets,
} from './findings.ts';
import type { OwnedMatch } from './owned-store.ts';
import { packagesMatchedAs } from './packages.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

/** Vulnerabilities of a page, and what rows below them are read with. */
export interface FindingPage {
  selection: FindingSelection;
  owned: readonly OwnedMatch[];
}

/** Keys as a table `k(id, account, at)`; `at` counts from 1. */
export function keyTable(keys: readonly VulnerabilityKey[]): RawBuilder<unknown> {
  return sql`unnest(${keys.map(({ id }) => id)}::text[], ${keys.map(({ account }) => account)}::text[])
    with ordinality k(id, account, at)`;
}

/** `from … where …` of the findings of keys `k`; images are those of the selection. */
export function findingsOfKeys(
  { selection, owned }: FindingPage,
  keys: RawBuilder<unknown>,
  options: { withPackage?: boolean; withRecord?: boolean; on?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  const records = recordConditions(selection);
  const v =
    options.withRecord || records.some(Boolean)
      ? sql`join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace`
      : sql``;
  return sql`
    from ${keys}
    join package_match m on m.vulnerability = k.id
    cross join ${packagesMatchedAs(sql`m.package_id`, accountOf(selection) ?? sql`k.account`, sql`k.at > 0`)} ap
    ${foundPackage(selection, options)}
    ${v}
    where ${all([options.on, IN_IMAGE_SET, ...records, ...findingConditions(selection, owned)])}`;
}

/** `with` of the sets that `findingsOfKeys` needs. */
export function findingSets({ selection }: FindingPage): RawBuilder<unknown> {
  return sets(selection, { images: true });
}

/** Numbers below each key, in the order of the keys. */
export async function countBelow(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  what: 'images' | 'artifacts' | 'findings' | 'tags',
): Promise<number[]> {
  if (keys.length === 0) return [];
  const of = {
    images: sql`count(distinct ap.digest)`,
    artifacts: sql`count(distinct (p.name, p.version, p.type, m.namespace))`,
    findings: sql`count(*)`,
    tags: sql`count(distinct ap.digest)`,
  }[what];
  const rows = await page.selection.context.rows<{ at: number; n: number }>(sql`
    ${findingSets(page)}
    select k.at::int as at, ${of}::int as n
    ${findingsOfKeys(page, keyTable(keys), { withPackage: what === 'artifacts' })} group by 1`);
  const counts = new Map(rows.map(({ at, n }) => [at, n]));
  return keys.map((_, at) => counts.get(at + 1) ?? 0);
}

/** An image below a key. */
export interface ImageRow {
  at: number;
  digest: string;
  image_id: string | null;
}

/** Images below keys by digest, behind a digest, at most `limit` for each key. */
export function imagesBelow(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  window: { after?: string | undefined; limit?: number | undefined },
): Promise<ImageRow[]> {
  const behind = window.after === undefined ? undefined : sql`ap.digest collate "C" > ${window.after}`;
  const images = sql`
    select k.at::int as at, ap.digest, min(ap.image_id) as image_id
    ${findingsOfKeys(page, keyTable(keys))} ${behind ? sql`and ${behind}` : sql``}
    group by 1, 2`;
  return page.selection.context.rows<ImageRow>(sql`
    ${findingSets(page)}
    select at, digest, image_id from (
      select *, row_number() over (partition by at order by digest collate "C") as place from (${images}) i) w
    ${window.limit === undefined ? sql`` : sql`where place <= ${window.limit}`}
    order by at, digest collate "C"`);
}

/** A vulnerability of a package of an image. */
export interface FindingRow {
  account: string;
  digest: string;
  image_id: string | null;
  document_id: string;
  vulnerability: string;
  namespace: string;
  path: string;
  type: PackageType;
  name: string;
  version: string;
  purl: string | null;
  severity: string;
  fix_state: string;
  fix_versions: string[];
  detected_at: Date;
  closed_at: Date | null;
}

/** Columns of `FindingRow`. */
export const FINDING_COLUMNS = sql`
  ap.account, ap.digest, ap.image_id, ap.document_id, m.vulnerability, m.namespace, ap.path, p.type, p.name, p.version,
  p.purl, v.severity, m.fix_state, m.fix_versions, ${DETECTED_AT} as detected_at, m.closed_at`;

/** Order of the findings of a vulnerability in an image. */
export const FINDING_ORDER = sql`p.name collate "C", p.version collate "C", ap.path collate "C", ap.document_id collate "C", m.namespace collate "C", m.id`;

/** Findings of vulnerabilities in images, with the place of their image among `images`, from 1. */
export function findingsOfImages(
  page: FindingPage,
  images: readonly { vulnerability: string; account: string; digest: string }[],
): Promise<(FindingRow & { at: number })[]> {
  const keys = sql`unnest(${images.map(({ vulnerability }) => vulnerability)}::text[],
    ${images.map(({ account }) => account)}::text[], ${images.map(({ digest }) => digest)}::text[])
    with ordinality k(id, account, digest, at)`;
  return page.selection.context.rows<FindingRow & { at: number }>(sql`
    ${findingSets(page)}
    select k.at::int as at, ${FINDING_COLUMNS}
    ${findingsOfKeys(page, keys, { withPackage: true, withRecord: true, on: sql`ap.digest = k.digest` })}
    order by k.at, ${FINDING_ORDER}`);
}
