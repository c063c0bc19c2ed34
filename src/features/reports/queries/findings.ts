import { type RawBuilder, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import { ALWAYS, type ReportContext, scopeAccount } from '../execution/context.ts';
import {
  all,
  artifactConditions,
  type Condition,
  DETECTED_AT,
  matchConditions,
  timeIn,
  vulnerabilityConditions,
} from './conditions.ts';
import type { FindingFilter } from './filters.ts';
import { type ImageJoin, type ImageKnowledge, joinImages } from './image-set.ts';
import { type BaseImages, inherited, maybeInherited } from './inherited.ts';
import { notOwned, type OwnedMatch } from './owned-store.ts';
import type { PackageList } from './package-list.ts';

/** A filter made ready: what SQL alone cannot tell, or would look up again for each statement, was looked up. */
export interface FindingSelection {
  context: ReportContext;
  filter: FindingFilter;
  /** Only images with a tag that the filter asks for; otherwise images without any tag pass unless it names tags. */
  tagged: boolean;
  /** Records whose likelihood of exploitation lies in the range; undefined: it does not matter. */
  records: { ids: string[]; namespaces: string[] } | undefined;
  /** Findings that were judged; undefined: it does not matter. */
  judged:
    | { ofStatus: JudgedFinding[] | undefined; missing: JudgedFinding[] | undefined; wantsMissing: boolean }
    | undefined;
  /** Only images that run there. */
  running: RawBuilder<unknown> | undefined;
  /** The images in question, as far as they were looked up. */
  known: ImageKnowledge;
  /** So few that what all their packages have can be read. */
  fewImages: boolean;
  /** The packages in question, where they are few; undefined: conditions tell. */
  packages: PackageList | undefined;
  /** Accounts of the scope correct packages. */
  corrected: boolean;
  /** Images with the images that they are built on; undefined: it does not matter. */
  bases: BaseImages | undefined;
}

/** A finding with what was judged about it. */
export interface JudgedFinding {
  account: string;
  digest: string;
  document_id: string;
  vulnerability: string;
  namespace: string;
  status: string;
}

/** Vulnerabilities of a page, and what rows below them are read with. */
export interface FindingPage {
  selection: FindingSelection;
  owned: readonly OwnedMatch[];
}

/** The findings that alone count; undefined: those that were not judged do, too. */
export function onlyJudged(judged: NonNullable<FindingSelection['judged']>): JudgedFinding[] | undefined {
  return judged.ofStatus ?? (judged.wantsMissing ? undefined : judged.missing);
}

/** What is asked of findings. */
export interface FindingQuery {
  /** Over `package_match m`, `analysis_package ap`, `image i`, `package p`, `vulnerability v` and `k`. */
  columns: RawBuilder<unknown>;
  /** Table `k` with vulnerabilities in `id`, or images in `analysis_id`, and with their accounts in `account`. */
  keys?: RawBuilder<unknown> | undefined;
  keyOf?: 'vulnerability' | 'image' | 'both';
  /** Keys stand for all accounts: they have none. */
  ofAccounts?: boolean;
  /** The package as it was found is in `p`. */
  withPackage?: boolean;
  /** The record is in `v`. */
  withRecord?: boolean;
  /** Columns are of `i`. */
  withImage?: boolean;
  where?: readonly Condition[];
  /**
   * `all`: each finding. `one`: for statements that stop at the first finding; images are looked up one by one. `exists`:
   * one for each match, columns are not those of `ap` and `i`.
   */
  read?: 'all' | 'one' | 'exists';
}

/**
 * Select statement of findings. Where accounts correct packages it is a union of what counts as it was found and of what
 * is matched as another package: each half is found by indices.
 */
export function findings(page: FindingPage, query: FindingQuery): RawBuilder<unknown> {
  const { prefix, join, where } = imagesOf(page, query);
  const found = half(page, query, 'found', { join, where });
  const both = page.selection.corrected
    ? sql`${found} union all ${half(page, query, 'corrected', { join, where })}`
    : found;
  return prefix ? sql`${prefix} ${both}` : both;
}

const NOT_CORRECTED = sql`not exists (select 1 from analysis_package_override x
  where x.account = i.account and x.analysis_id = ap.analysis_id and x.document_id = ap.document_id)`;

function imagesOf({ selection, owned }: FindingPage, query: FindingQuery): ImageJoin {
  const { context, filter, corrected, judged, bases } = selection;
  const { after, before, detectedInLast } = filter.vulnerability ?? {};
  const global = scopeAccount(context.scope) === undefined;
  const timed = (after ?? before ?? detectedInLast ?? undefined) !== undefined;
  const needed =
    query.withImage || corrected || timed || owned.length > 0 || judged !== undefined || bases !== undefined;
  // An image of another account has its own keys.
  const ofKey = query.keys && !query.ofAccounts && global ? sql`i.account = k.account` : undefined;
  return joinImages(selection, ofKey, { needed: needed || global, one: (query.read ?? 'all') !== 'all' });
}

function half(
  { selection, owned }: FindingPage,
  query: FindingQuery,
  kind: 'found' | 'corrected',
  images: ImageJoin,
): RawBuilder<unknown> {
  const { columns, keys, keyOf = 'vulnerability', read = 'all', where = [] } = query;
  const { packages, corrected } = selection;
  const records = recordConditions(selection);
  const v =
    query.withRecord || records.some(Boolean)
      ? keys
        ? // Of few matches the records are looked up: the planner would rather read and sort all of them.
          sql`cross join lateral (
            select * from vulnerability v where v.id = m.vulnerability and v.namespace = m.namespace offset 0) v`
        : sql`join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace`
      : sql``;
  const ofPackage = packages ? [] : artifactConditions(selection.filter.artifact);
  const needsPackage = query.withPackage || ofPackage.some(Boolean) || selection.bases !== undefined;
  const m = keys
    ? sql`${keys} join package_match m on ${keyOf === 'image' ? ALWAYS : sql`m.vulnerability = k.id`}`
    : sql`package_match m`;
  const ofMatch = [
    ...matchConditions(selection.filter.vulnerability),
    packages ? sql`m.package_id = any(${kind === 'found' ? packages.found : packages.matched}::bigint[])` : undefined,
    ...records,
    selection.bases && !corrected && selection.filter.vulnerability?.inheritedFromBase
      ? maybeInherited(selection.bases)
      : undefined,
  ];
  // From few vulnerabilities an index leads to the images. The planner takes each package for as common as the most common
  // ones, and would rather read all of them: the limit of nothing keeps it from that.
  const lookedUp = !selection.known.list && (read === 'one' || (keys !== undefined && keyOf === 'vulnerability'));
  const ofPlace = [
    // Looked up, it is told already; asked again, the index alone could not answer.
    lookedUp && kind === 'found' && read !== 'exists' ? undefined : sql`not ap.left_to_owner`,
    packages && kind === 'corrected' ? sql`ap.package_id = any(${packages.found}::bigint[])` : undefined,
    kind === 'found' && corrected ? NOT_CORRECTED : undefined,
    keys && keyOf !== 'vulnerability' ? sql`ap.analysis_id = k.analysis_id` : undefined,
    images.where,
    ...placeConditions(selection, owned),
  ];
  if (read === 'exists' && kind === 'found')
    return sql`select ${columns} from ${m} ${v} ${needsPackage ? sql`join package p on p.id = m.package_id` : sql``}
      where ${all([
        ...ofMatch,
        ...ofPackage,
        ...where,
        sql`exists (select 1 from analysis_package ap ${images.join}
          where ${all([sql`ap.package_id = m.package_id`, ...ofPlace])} offset 0)`,
      ])}`;
  const ap =
    kind === 'found'
      ? lookedUp
        ? sql`cross join lateral (
            select * from analysis_package ap where ap.package_id = m.package_id and not ap.left_to_owner offset 0) ap`
        : sql`join analysis_package ap on ap.package_id = m.package_id`
      : sql`join analysis_package_override x on x.package_id = m.package_id
          join analysis_package ap on ap.analysis_id = x.analysis_id and ap.document_id = x.document_id`;
  return sql`select ${columns} from ${m} ${v} ${ap}
    ${needsPackage ? packageOf(kind === 'found' ? sql`m.package_id` : sql`ap.package_id`, selection) : sql``} ${images.join}
    where ${all([
      ...ofMatch,
      ...ofPackage,
      ...ofPlace,
      kind === 'corrected' ? sql`i.account = x.account` : undefined,
      ...where,
    ])}`;
}

/**
 * Joins the package as it was found. Where bases are in question it is looked up: the planner would rather read all packages,
 * and ask each whether a base has it.
 */
function packageOf(id: RawBuilder<unknown>, { bases }: FindingSelection): RawBuilder<unknown> {
  return bases
    ? sql`cross join lateral (select * from package p where p.id = ${id} offset 0) p`
    : sql`join package p on p.id = ${id}`;
}

/** Conditions over `vulnerability v` of a selection. */
export function recordConditions({ filter, records }: FindingSelection): Condition[] {
  return [
    ...vulnerabilityConditions(filter.vulnerability),
    records
      ? sql`(v.id, v.namespace) in (select * from unnest(${records.ids}::text[], ${records.namespaces}::text[]))`
      : undefined,
  ];
}

/** Conditions that need the place of a package in an image. */
function placeConditions(
  { context, filter, judged, bases, corrected }: FindingSelection,
  owned: readonly OwnedMatch[],
) {
  const { after, before, detectedInLast, inheritedFromBase } = filter.vulnerability ?? {};
  return [
    timeIn(DETECTED_AT, { after, before, days: detectedInLast }, context.now),
    notOwned(owned),
    bases && typeof inheritedFromBase === 'boolean'
      ? sql`(${inherited(bases, owned, corrected)}) = ${inheritedFromBase}`
      : undefined,
    judged?.ofStatus ? sql`${FINDING} in ${judgedSet(judged.ofStatus)}` : undefined,
    judged?.missing
      ? judged.wantsMissing
        ? sql`${FINDING} not in ${judgedSet(judged.missing)}`
        : sql`${FINDING} in ${judgedSet(judged.missing)}`
      : undefined,
  ];
}

const FINDING = sql`(i.account, i.digest, ap.document_id, m.vulnerability, m.namespace)`;

function judgedSet(findings: JudgedFinding[]): RawBuilder<unknown> {
  return sql`(select j.account, j.digest, j.document_id, j.vulnerability, j.namespace
    from jsonb_to_recordset(${json(findings)}::jsonb)
      as j(account text, digest text, document_id text, vulnerability text, namespace text))`;
}
