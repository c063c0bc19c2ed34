import { type RawBuilder, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import { type ReportContext, scopeAccount } from '../execution/context.ts';
import {
  all,
  artifactConditions,
  type Condition,
  currentTag,
  DETECTED_AT,
  inScope,
  matchConditions,
  namesTags,
  tagConditions,
  textIs,
  timeIn,
  vulnerabilityConditions,
} from './conditions.ts';
import type { FindingFilter } from './filters.ts';
import { inherited } from './inherited.ts';
import type { OwnedMatch } from './owned-store.ts';
import { packagesMatchedAs, packagesOfImage } from './packages.ts';

/** A filter made ready: what SQL alone cannot tell was looked up. */
export interface FindingSelection {
  context: ReportContext;
  filter: FindingFilter;
  /** Records whose likelihood of exploitation lies in the range; undefined: it does not matter. */
  records: { ids: string[]; namespaces: string[] } | undefined;
  /** Findings that were judged; undefined: it does not matter. */
  judged:
    | { ofStatus: JudgedFinding[] | undefined; missing: JudgedFinding[] | undefined; wantsMissing: boolean }
    | undefined;
  /** Only images that run there. */
  running: RawBuilder<unknown> | undefined;
  /** Few images come into question: begin with them. */
  fewImages: boolean;
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

/** Conditions over `vulnerability v` of a selection. */
export function recordConditions({ filter, records }: FindingSelection): Condition[] {
  return [
    ...vulnerabilityConditions(filter.vulnerability),
    records
      ? sql`(v.id, v.namespace) in (select * from unnest(${records.ids}::text[], ${records.namespaces}::text[]))`
      : undefined,
  ];
}

/** Do conditions of a selection need the package as it was found? */
function needsPackage({ filter }: FindingSelection): boolean {
  const { inheritedFromBase } = filter.vulnerability ?? {};
  return artifactConditions(filter.artifact).some(Boolean) || typeof inheritedFromBase === 'boolean';
}

/** `package_match m` with the packages of images that hold it, `ap`; `package p` when asked for or needed. */
export function findingTables(
  selection: FindingSelection,
  options: { withPackage?: boolean; account?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  return sql`package_match m cross join ${packagesMatchedAs(sql`m.package_id`, options.account)} ap ${foundPackage(selection, options)}`;
}

/** The same tables, entered by an image. */
export function findingTablesOfImage(
  selection: FindingSelection,
  image: { account: RawBuilder<unknown>; digest: RawBuilder<unknown> },
  options: { withPackage?: boolean } = {},
): RawBuilder<unknown> {
  return sql`${packagesOfImage(image.account, image.digest)} ap
    join package_match m on m.package_id = ap.package_id ${foundPackage(selection, options)}`;
}

/** `package p`, the package as it was found, when asked for or needed. */
export function foundPackage(
  selection: FindingSelection,
  { withPackage = false }: { withPackage?: boolean } = {},
): RawBuilder<unknown> {
  return withPackage || needsPackage(selection) ? sql`join package p on p.id = ap.found_package_id` : sql``;
}

/** Conditions over the tables of findings, without those on images and on `vulnerability v`. */
export function findingConditions(selection: FindingSelection, owned: readonly OwnedMatch[]): Condition[] {
  const { context, filter, judged } = selection;
  const { after, before, detectedInLast, inheritedFromBase } = filter.vulnerability ?? {};
  return [
    ...matchConditions(filter.vulnerability),
    timeIn(DETECTED_AT, { after, before, days: detectedInLast }, context.now),
    ...artifactConditions(filter.artifact),
    notOwned(owned),
    typeof inheritedFromBase === 'boolean'
      ? sql`(${inherited(context.userBaseImages)}) = ${inheritedFromBase}`
      : undefined,
    judged?.ofStatus ? sql`${FINDING} in ${judgedSet(judged.ofStatus)}` : undefined,
    judged?.missing
      ? judged.wantsMissing
        ? sql`${FINDING} not in ${judgedSet(judged.missing)}`
        : sql`${FINDING} in ${judgedSet(judged.missing)}`
      : undefined,
  ];
}

const FINDING = sql`(ap.account, ap.digest, ap.document_id, m.vulnerability, m.namespace)`;

function judgedSet(findings: JudgedFinding[]): RawBuilder<unknown> {
  return sql`(select j.account, j.digest, j.document_id, j.vulnerability, j.namespace
    from jsonb_to_recordset(${json(findings)}::jsonb)
      as j(account text, digest text, document_id text, vulnerability text, namespace text))`;
}

/** Leaves out what a distribution answers for. */
export function notOwned(owned: readonly OwnedMatch[]): Condition {
  if (owned.length === 0) return undefined;
  return sql`not exists (
    select 1 from jsonb_to_recordset(${json(owned)}::jsonb) as x(package_id bigint, owner_id bigint, vulnerability text)
    join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by and o.package_id = x.owner_id
    where x.package_id = ap.package_id and x.vulnerability = m.vulnerability)`;
}

/** Conditions on the image of the packages of images `ap`, looked up one by one: good when few are looked at. */
export function imageConditions({ context, filter, running }: FindingSelection): Condition[] {
  const { image, tag } = filter;
  const ofImage = sql`t.account = ap.account and t.digest = ap.digest`;
  const tagged = sql`exists (select 1 from tag_mapping t
    where ${ofImage} and ${all([currentTag(tag), ...tagConditions(filter)])})`;
  return [
    inScope('ap.account', context, filter),
    textIs('ap.digest', image?.digest),
    namesTags(filter) ? tagged : sql`(${tagged} or not exists (select 1 from tag_mapping t where ${ofImage}))`,
    running ? sql`(ap.account, ap.digest) in (select account, digest from running)` : undefined,
  ];
}

/** All images of a selection, account and digest. Made as a set: good when many are looked at. */
export function imageSet({ context, filter, running }: FindingSelection): RawBuilder<unknown> {
  const { image, tag } = filter;
  const images = sql`select i.account, i.digest from image i
    where ${all([
      sql`i.image_status = 'active'`,
      inScope('i.account', context, filter),
      textIs('i.digest', image?.digest),
      running ? sql`(i.account, i.digest) in (select account, digest from running)` : undefined,
    ])}`;
  const tagged = sql`${images} and (i.account, i.digest) in (
    select t.account, t.digest from tag_mapping t
    where ${all([inScope('t.account', context, filter), currentTag(tag), ...tagConditions(filter)])})`;
  if (namesTags(filter)) return tagged;
  return sql`${tagged} union all ${images} and not exists (
    select 1 from tag_mapping t where t.account = i.account and t.digest = i.digest)`;
}

/** The image is in the set `img`. As it is written the set is hashed once, however often it is asked. */
export const IN_IMAGE_SET = sql`((ap.account, ap.digest) in (select account, digest from img)) is true`;

/** The account of the scope as a constant: what is made of it is made once, not for each row. */
export function accountOf({ context }: FindingSelection): RawBuilder<unknown> | undefined {
  const account = scopeAccount(context.scope);
  return account === undefined ? undefined : sql`${account}`;
}

/** `with` of the sets that conditions refer to. */
export function sets(selection: FindingSelection, options: { images: boolean }): RawBuilder<unknown> {
  const parts = [
    ...(selection.running ? [sql`running as materialized (${selection.running})`] : []),
    ...(options.images ? [sql`img as materialized (${imageSet(selection)})`] : []),
  ];
  return parts.length === 0 ? sql`` : sql`with ${sql.join(parts)}`;
}
