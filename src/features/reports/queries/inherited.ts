import { type RawBuilder, sql } from 'kysely';
import { ALWAYS, type ReportContext } from '../execution/context.ts';
import { notOwned, type OwnedMatch } from './owned-store.ts';

/** Annotation by which a user marks an image as a base image. */
const MARKED = 'anchore.user/marked_base_image';

/** An image with the analysis of the image that it is built on. */
export interface BaseImage {
  account: string;
  analysis_id: number;
  base_id: number;
}

/** Images with what they are built on. */
export interface BaseImages {
  accounts: string[];
  /** Images as numbers, see `numberOf`, in order, and the bases beside them. */
  images: number[];
  bases: number[];
}

/** Analyses of an account have a range of numbers of their own. */
const OF_ACCOUNT = 2 ** 34;

/** Bases, so that each is found by halving: no statistic tells the planner how often it will be asked. */
export function baseTable(found: readonly BaseImage[]): BaseImages {
  const accounts = [...new Set(found.map(({ account }) => account))];
  const numbers = new Map(accounts.map((account, at) => [account, (at + 1) * OF_ACCOUNT]));
  const sorted = found
    .map(({ account, analysis_id, base_id }) => ({ image: numbers.get(account)! + analysis_id, base_id }))
    .sort((a, b) => a.image - b.image);
  return { accounts, images: sorted.map(({ image }) => image), bases: sorted.map(({ base_id }) => base_id) };
}

/**
 * Statement for the bases of images `i`, those without one left out. The base is the longest proper prefix of the layers
 * among the images of the account; one that a user marked goes first. Prefixes of all images are
 * found together by their hashes: to compare each with all images that begin with the same layer takes the square of their
 * number.
 */
export function basesOf({ userBaseImages }: ReportContext, images: RawBuilder<unknown>): RawBuilder<BaseImage> {
  const marked = userBaseImages ? sql`coalesce(b.annotations ->> ${MARKED} = 'true', false) desc,` : sql``;
  return sql<BaseImage>`
    with prefix as materialized (
      select i.account, i.analysis_id, n, own.layer_digests[1:n] as layers,
        hash_array_extended(own.layer_digests[1:n], 0) as hash
      from ${images} i(account, analysis_id)
      join analysis own on own.id = i.analysis_id
      cross join lateral generate_series(1, cardinality(own.layer_digests) - 1) n)
    select distinct on (i.account, i.analysis_id) i.account, i.analysis_id, b.analysis_id as base_id
    from prefix i
    join analysis ba on hash_array_extended(ba.layer_digests, 0) = i.hash and ba.layer_digests = i.layers
    join image b on b.analysis_id = ba.id and b.account = i.account and b.image_status = 'active'
    where ba.id <> i.analysis_id
    order by i.account, i.analysis_id, ${marked} n desc, b.created_at`;
}

/** Condition over `package p`: an image on which others are built may have it. Where images are corrected that says nothing. */
export function maybeInherited({ bases }: BaseImages): RawBuilder<unknown> {
  if (bases.length === 0) return sql`false`;
  return sql`exists (
    select 1 from (
      select bf.id from package bf where bf.name = p.name and bf.version = p.version and bf.type = p.type offset 0) bf
    cross join lateral (
      select 1 from analysis_package bp
      where bp.package_id = bf.id and not bp.left_to_owner
        and (bp.analysis_id in (select unnest(${[...new Set(bases)]}::bigint[]))) is true offset 0) bp offset 0)`;
}

/**
 * Condition over `analysis_package ap`, `image i`, `package p` and `package_match m`: the base image has the same
 * vulnerability in the same version of the package. Limits of nothing keep the order of the look-ups: whether the base has
 * the package at all is told by one entry of an index, and mostly it has not. `corrected`: accounts correct packages.
 */
export function inherited(
  { accounts, images, bases }: BaseImages,
  owned: readonly OwnedMatch[],
  corrected: boolean,
): RawBuilder<unknown> {
  // Nothing is built on anything: no finding has to be looked at.
  if (images.length === 0) return sql`false`;
  const number = sql`array_position(${accounts}::text[], i.account) * ${OF_ACCOUNT}::bigint + ap.analysis_id`;
  const same = sql`bf.name = p.name and bf.version = p.version and bf.type = p.type`;
  const counts = (matchedAs: RawBuilder<unknown>) => sql`exists (
    select 1 from package_match bm where bm.package_id = ${matchedAs} and bm.closed_at is null
      and bm.vulnerability = m.vulnerability and bm.namespace = m.namespace offset 0)
    and ${notOwned(owned, { place: sql`bp`, account: sql`i.account`, matchedAs }) ?? ALWAYS}`;
  const asFound = sql`
    select 1 from (select bf.id from package bf where ${same} offset 0) bf
    cross join lateral (
      select bp.analysis_id, bp.document_id, ${owned.length > 0 ? sql`bp.owned_by` : sql`null::text as owned_by`}
      from analysis_package bp
      where bp.package_id = bf.id and bp.analysis_id = found.bases[found.at] and not bp.left_to_owner offset 0) bp
    where ${counts(sql`bf.id`)}`;
  const notCorrected = sql`not exists (
    select 1 from analysis_package_override y
    where y.account = i.account and y.analysis_id = bp.analysis_id and y.document_id = bp.document_id)`;
  const asCorrected = sql`
    select 1 from analysis_package_override y
    join analysis_package bp on bp.analysis_id = y.analysis_id and bp.document_id = y.document_id and not bp.left_to_owner
    join package bf on bf.id = bp.package_id
    where y.account = i.account and y.analysis_id = found.bases[found.at] and ${same} and ${counts(sql`y.package_id`)}`;
  return sql`exists (
    select 1
    from (select width_bucket(n.image, n.images) as at, * from (
      select ${number} as image, ${images}::bigint[] as images, ${bases}::bigint[] as bases) n) found
    cross join lateral (
      ${corrected ? sql`${asFound} and ${notCorrected} union all ${asCorrected}` : asFound}) inherited
    where found.images[found.at] = found.image offset 0)`;
}
