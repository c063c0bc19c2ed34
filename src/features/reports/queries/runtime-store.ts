import { type RawBuilder, sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import type { Position } from '../execution/tokens.ts';
import { all, type Condition, eitherIs, textIs } from './conditions.ts';
import { evaluationConditions } from './evaluation-conditions.ts';
import type { ImageSelection, PolicyEvaluationsFilter, RuntimeInventoryFilter } from './filters.ts';
import { runningRows } from './running.ts';

/** Which rows of the inventory. */
export type RuntimeFilter = ImageSelection & { runtimeInventory?: RuntimeInventoryFilter | null };

/** An image as it runs, under one tag and digest. */
export interface RunningKey {
  account: string;
  image_tag: string;
  image_digest: string;
}

/** With what the catalogue knows of it. */
export interface RunningImageRow extends RunningKey {
  status: string;
  /** Digests in the catalogue. */
  digests: string[];
  full_tag: string | null;
}

/** Conditions over rows `r` of the inventory that name tag, repository, registry or digest as they run. */
function nameConditions({ registry, repository, tag, image }: ImageSelection): Condition[] {
  const full = sql`coalesce(r.full_tag, r.image_tag)`;
  return [
    textIs(sql`split_part(${full}, '/', 1)`, registry?.name),
    textIs(sql`regexp_replace(${full}, '^[^/]*/|:[^:/]*$', '', 'g')`, repository?.name),
    textIs(sql`substring(${full} from ':([^:/]*)$')`, tag?.name),
    eitherIs('r.image_digest', 'r.digest', image?.digest),
  ];
}

const STATES = sql`array['analyzed', 'analyzing', 'not_analyzed', 'analysis_failed']`;
const ORDER = sql`account collate "C", image_tag collate "C", image_digest collate "C"`;

/** Images that run, each once; `wanted` tells which of them. */
function images(context: ReportContext, filter: RuntimeFilter, wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    with running as materialized (${runningRows(context, filter)}),
    images as (
      select r.account, r.image_tag, r.image_digest, min(r.full_tag) as full_tag,
        coalesce((array_agg(r.analysis_status order by array_position(${STATES}, r.analysis_status))
          filter (where r.digest is not null))[1], 'not_in_catalog') as status,
        array_agg(distinct r.digest) filter (where r.digest is not null) as digests
      from running r where ${all(nameConditions(filter))} group by 1, 2, 3),
    listed as (select * from images i where ${wanted})`;
}

const UNSCANNED = sql`i.status <> 'analyzed'`;

function judged(context: ReportContext, filter: PolicyEvaluationsFilter): RawBuilder<unknown> {
  return sql`exists (select 1 from evaluation e
    where e.account = i.account and e.digest = any(i.digests) and ${TAG_THAT_RUNS}
      and ${all(evaluationConditions(context, filter.policyEvaluation, filter.policyBundle))})`;
}

/** Is a tag the one that runs, of the image `i`? Official images of Docker Hub are known with and without `library/`. */
const runsAs = (tag: RawBuilder<unknown>, image: 'i' | 'k') => {
  const full = sql.ref(`${image}.full_tag`);
  return sql`${tag} in (${sql.ref(`${image}.image_tag`)}, ${full}, replace(${full}, 'docker.io/library/', 'docker.io/'))`;
};

/** Evaluations under the tag that runs count; without one, those under any tag of the image. */
const TAG_THAT_RUNS = sql`(${runsAs(sql`e.tag`, 'i')} or not exists (
  select 1 from evaluation s where s.account = i.account and s.digest = e.digest and ${runsAs(sql`s.tag`, 'i')}))`;

/** What a list of running images shows. */
export type RunningList = 'unscanned' | 'judged';

function wantedIn(context: ReportContext, filter: RuntimeFilter, list: RunningList): RawBuilder<unknown> {
  return list === 'unscanned' ? UNSCANNED : judged(context, filter);
}

/** Images that run behind a position, by account, tag and digest. */
export function runningPage(
  context: ReportContext,
  filter: RuntimeFilter,
  list: RunningList,
  order: 'NAME_ASC' | 'NAME_DESC',
  after: Position | undefined,
  limit: number,
): Promise<RunningImageRow[]> {
  const [beyond, direction] = order === 'NAME_ASC' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const behind = after ? sql`where (${ORDER}) ${beyond} (${after[0]}, ${after[1]}, ${after[2]})` : sql``;
  return context.rows<RunningImageRow>(sql`
    ${images(context, filter, wantedIn(context, filter, list))}
    select account, image_tag, image_digest, full_tag, status, coalesce(digests, '{}') as digests from listed ${behind}
    order by account collate "C" ${direction}, image_tag collate "C" ${direction}, image_digest collate "C" ${direction}
    limit ${limit}`);
}

export async function countRunning(context: ReportContext, filter: RuntimeFilter, list: RunningList): Promise<number> {
  const rows = await context.rows<{ n: number }>(
    sql`${images(context, filter, wantedIn(context, filter, list))} select count(*)::int as n from listed`,
  );
  return rows[0]?.n ?? 0;
}

/** Tags under which evaluations of running images are looked for; null: any. */
export async function evaluatedTags(
  context: ReportContext,
  rows: readonly RunningImageRow[],
): Promise<Map<RunningImageRow, { digest: string; tags: string[] | null }[]>> {
  const flat = rows.flatMap((row, at) => row.digests.map((digest) => ({ row, at, digest })));
  const found = await context.rows<{ at: number; tag: string }>(sql`
    select distinct k.at, e.tag
    from unnest(${flat.map(({ row }) => row.account)}::text[], ${flat.map(({ digest }) => digest)}::text[],
      ${flat.map(({ row }) => row.image_tag)}::text[], ${flat.map(({ row }) => row.full_tag)}::text[])
      with ordinality k(account, digest, image_tag, full_tag, at)
    join evaluation e on e.account = k.account and e.digest = k.digest and ${runsAs(sql`e.tag`, 'k')}`);
  const tags = new Map<number, string[]>();
  for (const { at, tag } of found) tags.set(Number(at), [...(tags.get(Number(at)) ?? []), tag]);
  const result = new Map<RunningImageRow, { digest: string; tags: string[] | null }[]>(rows.map((row) => [row, []]));
  for (const [index, { row, digest }] of flat.entries())
    result.get(row)!.push({ digest, tags: tags.get(index + 1) ?? null });
  return result;
}

/** A place where an image was seen. */
export interface PlaceRow {
  at: number;
  inventory_type: 'kubernetes' | 'ecs';
  context: string;
  image_tag: string;
  last_seen: Date;
}

/** Places of running images, or of images of the catalogue, with the place of the image among `keys`, from 1. */
export function placesOf(
  context: ReportContext,
  filter: RuntimeFilter,
  keys: readonly (RunningKey | { account: string; digest: string })[],
): Promise<PlaceRow[]> {
  const first = keys[0];
  const catalogue = first !== undefined && 'digest' in first;
  const column = (read: (key: RunningKey & { digest: string }) => string) =>
    sql`${keys.map((key) => read(key as RunningKey & { digest: string }))}::text[]`;
  const table = catalogue
    ? sql`unnest(${column((key) => key.account)}, ${column((key) => key.digest)}) with ordinality k(account, digest, at)
        join running r on r.account = k.account and r.digest = k.digest`
    : sql`unnest(${column((key) => key.account)}, ${column((key) => key.image_tag)}, ${column((key) => key.image_digest)})
        with ordinality k(account, image_tag, image_digest, at)
        join running r on r.account = k.account and r.image_tag = k.image_tag and r.image_digest = k.image_digest`;
  return context.rows<PlaceRow>(sql`
    with running as materialized (${runningRows(context, filter)})
    select k.at::int as at, r.inventory_type, r.context, r.image_tag, max(r.last_seen) as last_seen
    from ${table} group by 1, 2, 3, 4 order by 1, r.context collate "C", r.image_tag collate "C"`);
}
