import { type RawBuilder, sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import { apiPackageType } from '#features/images/index.ts';
import { storableText } from '#platform/database/json.ts';
import { escapeLike } from '#platform/database/like.ts';
import { ALWAYS, type ReportContext, scopeAccount } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import type {
  ArtifactFilter,
  ImageSelection,
  LabelFilter,
  NameFilter,
  RangeFilter,
  TagFilter,
  VulnerabilityFilter,
} from './filters.ts';

/** A condition, or nothing. */
export type Condition = RawBuilder<unknown> | undefined;

/** All of them hold. */
export function all(conditions: readonly Condition[]): RawBuilder<unknown> {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? ALWAYS : sql.join(given, sql` and `);
}

const column = (name: string) => sql.ref(name);

/** A column equals a text, in which `*` stands for any text. */
export function textIs(name: string | RawBuilder<unknown>, wanted: string | null | undefined): Condition {
  if (wanted === undefined || wanted === null) return undefined;
  const operand = typeof name === 'string' ? column(name) : name;
  const text = storableText(wanted);
  if (!text.includes('*')) return sql`${operand} = ${text}`;
  // In this collation an index leads to texts with the same beginning.
  return sql`${operand} collate "C" like ${text.split('*').map(escapeLike).join('%')}`;
}

/** One of two columns equals a text. */
export function eitherIs(one: string, other: string, wanted: string | null | undefined): Condition {
  const conditions = [textIs(one, wanted), textIs(other, wanted)].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? undefined : sql`(${sql.join(conditions, sql` or `)})`;
}

/** Does a text fit a filter? The rule of `textIs`. */
export function fits(text: string, wanted: string): boolean {
  const parts = wanted.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** From `after` on, before `before`, and within the last days. */
export function timeIn(
  time: RawBuilder<unknown>,
  window: { after?: string | null | undefined; before?: string | null | undefined; days?: number | null | undefined },
  now: Date,
): Condition {
  const { after, before, days } = window;
  if (days !== undefined && days !== null && (days < 0 || days > 36_500))
    throw reportError('FILTER_INVALID', `A number of days must be from 0 to 36500, not ${days}`);
  const conditions = [
    after ? sql`${time} >= ${after}::timestamptz` : undefined,
    before ? sql`${time} < ${before}::timestamptz` : undefined,
    days === undefined || days === null
      ? undefined
      : sql`${time} >= ${new Date(now.getTime() - days * 86_400_000).toISOString()}::timestamptz`,
  ];
  return conditions.some((condition) => condition) ? all(conditions) : undefined;
}

/** A number lies in a range. */
export function inRange(value: number | undefined, range: RangeFilter | null | undefined): boolean {
  if (!range) return true;
  const { gte, gt, lte, lt } = range;
  const bounds = [gte, gt, lte, lt].filter((bound) => bound !== undefined && bound !== null);
  if (bounds.length === 0) return true;
  if (value === undefined) return false;
  return (
    (gte === undefined || gte === null || value >= gte) &&
    (gt === undefined || gt === null || value > gt) &&
    (lte === undefined || lte === null || value <= lte) &&
    (lt === undefined || lt === null || value < lt)
  );
}

/** Rows of the scope: `name` is the column that holds the account. */
export function inScope(name: string, context: ReportContext, filter: { account?: NameFilter | null }): Condition {
  const account = scopeAccount(context.scope);
  if (account === undefined) return textIs(name, filter.account?.name);
  if (filter.account?.name !== undefined && filter.account?.name !== null)
    throw reportError('FILTER_INVALID', 'filter.account works on the global endpoint only: leave it out');
  return sql`${column(name)} = ${account}`;
}

/** Conditions over `tag_mapping t` that a filter names: registry, repository, tag and times. */
export function tagConditions({ registry, repository, tag }: ImageSelection): Condition[] {
  return [
    registryIs(registry?.name),
    repositoryIs(repository?.name),
    textIs('t.tag', tag?.name),
    timeIn(sql`t.detected_at`, { after: tag?.after, before: tag?.before }, new Date(0)),
  ];
}

function registryIs(name: string | null | undefined): Condition {
  return textIs('t.registry', name);
}

/** Official images of Docker Hub are known with and without `library/`. */
function repositoryIs(name: string | null | undefined): Condition {
  const plain = textIs('t.repository', name);
  if (plain === undefined) return undefined;
  const official = textIs(sql`'library/' || t.repository`, name);
  return sql`(${plain} or (t.registry in ('docker.io', 'index.docker.io') and position('/' in t.repository) = 0 and ${official}))`;
}

/** Only mappings that hold now, unless history is asked for. */
export function currentTag(tag: TagFilter | null | undefined): Condition {
  return tag?.currentOnly === false ? undefined : sql`t.closed_at is null`;
}

/** Does a filter name tags? Images without any tag pass only when it does not. */
export function namesTags(filter: ImageSelection): boolean {
  return tagConditions(filter).some((condition) => condition !== undefined);
}

/** Conditions over `vulnerability v`. */
export function vulnerabilityConditions(filter: VulnerabilityFilter | null | undefined): Condition[] {
  if (!filter) return [];
  const { id, severity, severities, isKev } = filter;
  return [
    textIs('v.id', id),
    severity ? sql`v.severity = ${severity}` : undefined,
    severities && severities.length > 0 ? sql`v.severity = any(${[...new Set(severities)]}::text[])` : undefined,
    isKev === undefined || isKev === null ? undefined : sql`${isKev ? sql`` : sql`not`} (v.detail ? 'kev')`,
  ];
}

/** Conditions over `package_match m`. */
export function matchConditions(filter: VulnerabilityFilter | null | undefined): Condition[] {
  const { willNotFix, fixAvailable, currentOnly } = filter ?? {};
  return [
    currentOnly === false ? undefined : sql`m.closed_at is null`,
    willNotFix === undefined || willNotFix === null ? undefined : sql`(m.fix_state = 'wont-fix') = ${willNotFix}`,
    fixAvailable === undefined || fixAvailable === null ? undefined : sql`(m.fix_state = 'fixed') = ${fixAvailable}`,
  ];
}

/** When a match and the image were first known together, over `package_match m` and `image i`. */
export const DETECTED_AT = sql`greatest(i.analyzed_at, m.first_seen_at)`;

const RENAMED: PackageType[] = ['deb', 'apk', 'java-archive', 'jenkins-plugin', 'go-module', 'dotnet'];

/** Conditions over `package p`, the package as it was found. Types are taken as the API and as the inventory spell them. */
export function artifactConditions(filter: ArtifactFilter | null | undefined): Condition[] {
  const { name, version, type } = filter ?? {};
  const renamed = type ? RENAMED.filter((one) => fits(apiPackageType(one), type)) : [];
  const typed = textIs('p.type', type);
  return [
    textIs('p.name', name),
    textIs('p.version', version),
    typed && renamed.length > 0 ? sql`(${typed} or p.type = any(${renamed}::text[]))` : typed,
  ];
}

/** A JSON object of texts has a label. */
export function hasLabel(name: string, label: LabelFilter | null | undefined): Condition {
  if (!label) return undefined;
  const conditions = [textIs('l.key', label.key), textIs('l.value', label.value)].filter((one) => one !== undefined);
  if (conditions.length === 0) return undefined;
  return sql`exists (select 1 from jsonb_each_text(${column(name)}) l where ${all(conditions)})`;
}
