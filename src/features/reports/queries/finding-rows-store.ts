import { type RawBuilder, sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import { ALWAYS, scopeAccount } from '../execution/context.ts';
import { DETECTED_AT } from './conditions.ts';
import { type FindingPage, type FindingQuery, findings } from './findings.ts';
import { imagesOfAnalyses, type ListedImage, loadImages } from './image-set.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

export type { FindingPage } from './findings.ts';

/** Keys as a table `k(id, account, at)`; `at` counts from 1. */
export function keyTable(keys: readonly VulnerabilityKey[]): RawBuilder<unknown> {
  return sql`unnest(${keys.map(({ id }) => id)}::text[], ${keys.map(({ account }) => account)}::text[])
    with ordinality k(id, account, at)`;
}

/** Looks up the images in question when keys have many. To be awaited before a statement about all findings of them. */
export function prepareKeys({ selection }: FindingPage, keys: readonly { id: string }[]): Promise<void> {
  return loadImages(
    selection,
    sql`select 1 from unnest(${[...new Set(keys.map(({ id }) => id))]}::text[]) k(id)
      join package_match m on m.vulnerability = k.id
      join analysis_package ap on ap.package_id = m.package_id where not ap.left_to_owner`,
  );
}

/** Images below each key, in the order of the keys: how many. */
export async function countImages(page: FindingPage, keys: readonly VulnerabilityKey[]): Promise<number[]> {
  if (keys.length === 0) return [];
  await prepareKeys(page, keys);
  const rows = await page.selection.context.rows<{ at: number; n: number }>(sql`
    select at::int, count(distinct analysis_id)::int as n
    from (${findings(page, { keys: keyTable(keys), columns: sql`k.at, ap.analysis_id` })}) f group by 1`);
  const counts = new Map(rows.map(({ at, n }) => [at, n]));
  return keys.map((_, at) => counts.get(at + 1) ?? 0);
}

/** An image below a key. */
export interface ImageRow {
  at: number;
  digest: string;
  image_id: string | null;
}

/** Images below each key, whole lists by digest. */
export function imagesOfKeys(page: FindingPage, keys: readonly VulnerabilityKey[]): Promise<ListedImage[][]> {
  return imagesOf(page, keys, { keys: keyTable(keys) });
}

/** Images of the findings of each key of a table `k`, by digest. */
export async function imagesOf(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  query: Omit<FindingQuery, 'columns'>,
): Promise<ListedImage[][]> {
  if (keys.length === 0) return [];
  await prepareKeys(page, keys);
  // Numbers are grouped and passed on faster than digests, and there are many. An image has most vulnerabilities several times.
  const rows = await page.selection.context.rows<{ at: number; ids: number[] }>(sql`
    select at::int, json_agg(analysis_id) as ids
    from (select distinct at, analysis_id from (${findings(page, { ...query, columns: sql`k.at, ap.analysis_id` })}) f) d
    group by 1`);
  const images = await imagesOfAnalyses(page.selection, [...new Set(rows.flatMap(({ ids }) => ids))]);
  const placeOf = new Map<string, Map<number, number>>();
  for (const [place, { account, analysis_id }] of images.entries()) {
    const places = placeOf.get(account);
    if (places) places.set(analysis_id, place);
    else placeOf.set(account, new Map([[analysis_id, place]]));
  }
  const lists = keys.map((): ListedImage[] => []);
  for (const { at, ids } of rows) {
    const places = placeOf.get(keys[at - 1]!.account);
    // Images come by digest: their places sort like them, and quicker.
    const sorted = Uint32Array.from(ids.flatMap((id) => places?.get(id) ?? [])).sort();
    lists[at - 1] = Array.from(sorted, (place) => images[place]!);
  }
  return lists;
}

/** Which images below keys are listed. */
interface ImageWindow {
  after?: string | undefined;
  limit: number;
}

/** With so many places of its packages a vulnerability is looked for among the next images instead. */
const MANY_PLACES = 1_000;

/** Images that are looked at for each that is listed: at first, and once more where that finds too few. */
const LOOKED_AT = [8, 128];

/** Images below keys by digest, behind a digest, at most `limit` for each key. */
export async function imagesBelow(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  window: ImageWindow,
): Promise<ImageRow[]> {
  await prepareKeys(page, keys);
  const rows: ImageRow[] = [];
  let left = await manyPlaces(page, keys);
  const few = keys.map((_, at) => at + 1).filter((at) => !left.includes(at));
  for (const times of LOOKED_AT) {
    if (left.length === 0) break;
    const next = await nextImages(page, window, times * window.limit);
    const found = await imagesAmong(page, placed(keys, left, next.ids), window, true);
    const counts = new Map<number, number>();
    for (const { at } of found) counts.set(at, (counts.get(at) ?? 0) + 1);
    const full = new Set(left.filter((at) => !next.more || counts.get(at) === window.limit));
    rows.push(...found.filter(({ at }) => full.has(at)));
    left = left.filter((at) => !full.has(at));
  }
  const rest = [...few, ...left];
  if (rest.length > 0) rows.push(...(await imagesAmong(page, placed(keys, rest), window, false)));
  return rows.sort((a, b) => a.at - b.at);
}

/** Some of the keys as a table `k(id, account, at)`, by their places from 1; with `analysis_id` of images. */
function placed(keys: readonly VulnerabilityKey[], places: readonly number[], images?: readonly number[]) {
  const some = places.map((at) => keys[at - 1]!);
  const table = sql`unnest(${some.map(({ id }) => id)}::text[], ${some.map(({ account }) => account)}::text[],
    ${places as number[]}::int[])`;
  return images
    ? sql`(select k.*, n.analysis_id from ${table} k(id, account, at)
        cross join unnest(${images as number[]}::bigint[]) n(analysis_id)) k`
    : sql`${table} k(id, account, at)`;
}

/** Places from 1 of the keys whose packages are in many images. Of several accounts each has its own images: not told. */
export async function manyPlaces({ selection }: FindingPage, keys: readonly VulnerabilityKey[]): Promise<number[]> {
  if (!selection.known.set || scopeAccount(selection.context.scope) === undefined) return [];
  const many = Math.min(MANY_PLACES, selection.context.limits.fewRows);
  const rows = await selection.context.rows<{ at: number }>(sql`
    select at::int from ${keyTable(keys)} where (select count(*) from (
      select 1 from package_match m join analysis_package ap on ap.package_id = m.package_id and not ap.left_to_owner
      where m.vulnerability = k.id limit ${many}) p) = ${many} order by at`);
  return rows.map(({ at }) => at);
}

/** The first images in question behind a digest; `more`: others follow. */
async function nextImages({ selection }: FindingPage, { after }: ImageWindow, count: number) {
  const rows = await selection.context.rows<{ analysis_id: number }>(sql`
    select i.analysis_id from unnest(${selection.known.set?.analyses ?? []}::bigint[]) n(id)
    join image i on i.analysis_id = n.id and i.account = ${scopeAccount(selection.context.scope)}
    where ${after === undefined ? ALWAYS : sql`i.digest collate "C" > ${after}`}
    order by i.digest collate "C" limit ${count}`);
  return { ids: rows.map(({ analysis_id }) => analysis_id), more: rows.length === count };
}

async function imagesAmong(
  page: FindingPage,
  keys: RawBuilder<unknown>,
  window: ImageWindow,
  ofImages: boolean,
): Promise<ImageRow[]> {
  const columns = sql`k.at::int as at, i.digest, i.image_id`;
  const where = window.after === undefined ? [] : [sql`i.digest collate "C" > ${window.after}`];
  return page.selection.context.rows<ImageRow>(sql`
    select at, digest, image_id from (
      select *, row_number() over (partition by at order by digest collate "C") as place
      from (select distinct * from (${findings(page, {
        ...{ keys, columns, where },
        ...{ keyOf: ofImages ? 'both' : 'vulnerability', withImage: true },
      })}) f) i) w
    where place <= ${window.limit} order by at, place`);
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
  i.account, i.digest, i.image_id, ap.document_id, m.vulnerability, m.namespace, ap.path, p.type, p.name, p.version,
  p.purl, v.severity, m.fix_state, m.fix_versions, ${DETECTED_AT} as detected_at, m.closed_at, m.id as match_id`;

/** Order of the findings of a vulnerability in an image. */
const FINDING_ORDER = sql`name collate "C", version collate "C", path collate "C", document_id collate "C", namespace collate "C", match_id`;

/** Findings of keys, whole lists by digest and package. */
export async function findingsOfKeys(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
): Promise<(FindingRow & { at: number })[]> {
  await prepareKeys(page, keys);
  return page.selection.context.rows<FindingRow & { at: number }>(sql`
    select * from (${findings(page, {
      keys: keyTable(keys),
      columns: sql`k.at::int as at, ${FINDING_COLUMNS}`,
      withPackage: true,
      withRecord: true,
      withImage: true,
    })}) f
    order by at, digest collate "C", ${FINDING_ORDER}`);
}

/** Findings of vulnerabilities in images, with the place of their image among `images`, from 1. */
export function findingsOfImages(
  page: FindingPage,
  images: readonly { vulnerability: string; account: string; digest: string }[],
): Promise<(FindingRow & { at: number })[]> {
  // By their analyses: those and the packages lead to the few rows in question, digests would only filter all others.
  const keys = sql`(
    select q.id, q.account, q.at, j.analysis_id
    from unnest(${images.map(({ vulnerability }) => vulnerability)}::text[],
      ${images.map(({ account }) => account)}::text[], ${images.map(({ digest }) => digest)}::text[])
      with ordinality q(id, account, digest, at)
    join image j on j.account = q.account and j.digest = q.digest) k`;
  return page.selection.context.rows<FindingRow & { at: number }>(sql`
    select * from (${findings(page, {
      keys,
      keyOf: 'both',
      columns: sql`k.at::int as at, ${FINDING_COLUMNS}`,
      withPackage: true,
      withRecord: true,
      withImage: true,
      where: [sql`i.account = k.account`],
    })}) f
    order by at, ${FINDING_ORDER}`);
}
