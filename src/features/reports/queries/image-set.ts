import { type RawBuilder, sql } from 'kysely';
import { scopeAccount } from '../execution/context.ts';
import { all, type Condition, currentTag, inScope, tagConditions, textIs } from './conditions.ts';
import type { FindingSelection } from './findings.ts';

/** An image of an account. Its analysis tells it from the other images of the account. */
export interface ListedImage {
  account: string;
  analysis_id: number;
  digest: string;
  image_id: string | null;
}

/** Images that were looked up once, for all statements of a document. */
export type ImageList = readonly ListedImage[];

/** Images that were looked up once, where they are many: only what tells them apart. */
export interface ImageSet {
  accounts: string[];
  analyses: number[];
}

/** What is known of the images in question when statements are made. Copies of a selection share it. */
export interface ImageKnowledge {
  /** All of them, where they are few. */
  list?: ImageList;
  /** All of them, where they are many, from when a statement needed them on. */
  set?: ImageSet;
  loading?: Promise<void>;
}

/**
 * Looks up all images in question when a statement will need many: with a package that most images have, looking them up
 * for each row would take seconds, and no statistic tells beforehand. `rows` has a row for each package of an image.
 */
export async function loadImages(selection: FindingSelection, rows?: RawBuilder<unknown>): Promise<void> {
  const { known, context } = selection;
  if (known.list || known.set) return;
  if (rows && !known.loading) {
    const some = await context.rows<{ n: number }>(
      sql`select count(*)::int as n from (${rows} limit ${context.limits.fewRows}) r`,
    );
    if ((some[0]?.n ?? 0) < context.limits.fewRows) return;
  }
  known.loading ??= (async () => {
    const [found] = await context.rows<{ accounts: string[] | null; analyses: number[] | null }>(sql`
      select ${scopeAccount(context.scope) === undefined ? sql`json_agg(i.account)` : sql`null`} as accounts,
        json_agg(i.analysis_id) as analyses
      from image i where i.analysis_id is not null and ${imagesWanted(selection)}`);
    known.set = { accounts: found?.accounts ?? [], analyses: found?.analyses ?? [] };
  })();
  await known.loading;
}

/** How `image i` is joined to `analysis_package ap`. */
export interface ImageJoin {
  /** Before the statement. */
  prefix?: RawBuilder<unknown>;
  join: RawBuilder<unknown>;
  /** Over `ap` and what was joined. */
  where?: Condition;
}

/** Joins the images in question, in one of the ways that what is known allows. `needed`: something is asked of `i`. */
export function joinImages(
  selection: FindingSelection,
  on: Condition,
  { needed, one }: { needed: boolean; one: boolean },
): ImageJoin {
  const { known, context } = selection;
  const account = scopeAccount(context.scope);
  const ofAccount = account === undefined ? undefined : sql`i.account = ${account}`;
  const plain = sql`join image i on ${all([sql`i.analysis_id = ap.analysis_id`, ofAccount, on])}`;
  if (known.list) {
    const ids = sql`${known.list.map((image) => image.analysis_id)}::bigint[]`;
    const accounts = sql`${known.list.map((image) => image.account)}::text[]`;
    const pair = sql`(i.account, i.analysis_id) in (select * from unnest(${accounts}, ${ids}))`;
    return { join: plain, where: all([sql`ap.analysis_id = any(${ids})`, account === undefined ? pair : undefined]) };
  }
  if (known.set) {
    const { accounts, analyses } = known.set;
    // Left to itself the planner reads all images anew for each match; looked up one by one they are remembered.
    const looked = sql`cross join lateral (
      select i.account, i.digest, i.image_id, i.analysis_id, i.analyzed_at from image i
      where ${all([sql`i.analysis_id = ap.analysis_id`, ofAccount, on])} offset 0) i`;
    const ids = sql`${analyses}::bigint[]`;
    // Below a statement that asks many times, the set must not stand as a table: that would be made each time.
    if (one)
      return {
        join: needed || account === undefined ? looked : sql``,
        where:
          account === undefined
            ? sql`((i.account, i.analysis_id) in (select * from unnest(${accounts}::text[], ${ids}))) is true`
            : sql`(ap.analysis_id in (select unnest(${ids}))) is true`,
      };
    // As it is written the set is hashed once, whatever the planner thinks how often it is asked.
    if (account !== undefined)
      return {
        prefix: sql`with img as materialized (select unnest(${ids}) as analysis_id)`,
        join: needed ? looked : sql``,
        where: sql`(ap.analysis_id in (select analysis_id from img)) is true`,
      };
    return {
      prefix: sql`with img as materialized (select * from unnest(${accounts}::text[], ${ids}) g(account, analysis_id))`,
      join: looked,
      where: sql`((i.account, i.analysis_id) in (select account, analysis_id from img)) is true`,
    };
  }
  // The limit of nothing keeps it a look-up: for few rows the rest of a table need not be read.
  return {
    join: sql`cross join lateral (
      select i.account, i.digest, i.image_id, i.analyzed_at from image i
      where ${all([sql`i.analysis_id = ap.analysis_id`, imagesWanted(selection), on])} offset 0) i`,
  };
}

/** Images that the filter of a selection asks for. */
export function imagesWanted({
  context,
  filter,
  running,
  tagged,
}: Pick<FindingSelection, 'context' | 'filter' | 'running' | 'tagged'>): RawBuilder<unknown> {
  const tag = (conditions: readonly Condition[]) => sql`exists (select 1 from tag_mapping t
    where t.account = i.account and t.digest = i.digest
      and ${all([inScope('t.account', context, filter), ...conditions])})`;
  const asked = tag([currentTag(filter.tag), ...tagConditions(filter)]);
  return all([
    sql`i.image_status = 'active'`,
    inScope('i.account', context, filter),
    textIs('i.digest', filter.image?.digest),
    tagged ? asked : filter.tag?.currentOnly === false ? undefined : sql`(${asked} or not ${tag([])})`,
    running ? sql`(i.account, i.digest) in (${running})` : undefined,
  ]);
}

/** Images of analyses, as keys need them. */
export async function imagesOfAnalyses(selection: FindingSelection, wanted: readonly number[]): Promise<ListedImage[]> {
  const { list } = selection.known;
  if (list) {
    const ids = new Set(wanted);
    return list.filter((one) => ids.has(one.analysis_id));
  }
  const { context, filter } = selection;
  return context.rows<ListedImage>(sql`
    select i.account, i.analysis_id, i.digest, i.image_id from image i
    where ${all([inScope('i.account', context, filter), sql`i.analysis_id in (select unnest(${wanted as number[]}::bigint[]))`])}
    order by i.digest collate "C"`);
}
