import { type RawBuilder, sql } from 'kysely';
import { type ReportContext, scopeAccount } from '../execution/context.ts';
import type { Position } from '../execution/tokens.ts';
import { all, type Condition, currentTag, inScope, tagConditions, textIs } from './conditions.ts';
import {
  asksUsual,
  EVALUATION_REASON,
  evaluationConditions,
  evaluationsOfTag,
  IS_ACTIVE,
  IS_LATEST,
} from './evaluation-conditions.ts';
import type { PolicyEvaluationsFilter } from './filters.ts';

/** A repository with judged tags. */
export interface RepositoryKey {
  account: string;
  registry: string;
  repository: string;
}

/** A tag mapping that was judged. */
export interface JudgedTag extends RepositoryKey {
  at: number;
  id: number;
  tag: string;
  digest: string;
  detected_at: Date;
  closed_at: Date | null;
}

const TAG = {
  account: sql`t.account`,
  digest: sql`t.digest`,
  tag: sql`t.registry || '/' || t.repository || ':' || t.tag`,
};

/** Conditions over `tag_mapping t` without those on evaluations. */
function tagsWanted(context: ReportContext, filter: PolicyEvaluationsFilter): Condition[] {
  return [
    inScope('t.account', context, filter),
    currentTag(filter.tag),
    ...tagConditions(filter),
    textIs('t.digest', filter.image?.digest),
  ];
}

const IMAGE_COUNTS = sql`exists (
  select 1 from image i where i.account = t.account and i.digest = t.digest and i.image_status = 'active' offset 0)`;

/** The tag mapping `t` was judged. */
function isJudged(context: ReportContext, filter: PolicyEvaluationsFilter): RawBuilder<unknown> {
  return sql`${IMAGE_COUNTS} and exists (select 1 ${evaluationsOfTag(context, filter, TAG)} offset 0)`;
}

/** Repositories behind a position, by account, registry and name. Each is looked at until one judged tag is found. */
export function repositoryPage(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  order: 'NAME_ASC' | 'NAME_DESC',
  after: Position | undefined,
  limit: number,
): Promise<RepositoryKey[]> {
  const [beyond, direction] = order === 'NAME_ASC' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const inOrder = sql`order by account ${direction}, registry ${direction}, repository ${direction}`;
  return context.rows<RepositoryKey>(sql`
    select * from (${repositories(context, filter, after && { beyond, after })} ${inOrder}) r
    where ${hasJudgedTag(context, filter)} ${inOrder} limit ${limit}`);
}

function repositories(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  position?: { beyond: RawBuilder<unknown>; after: Position },
): RawBuilder<unknown> {
  const account = scopeAccount(context.scope);
  const name = sql`t.registry collate "C", t.repository collate "C"`;
  const { beyond, after = [] } = position ?? {};
  // Of one account the index has them in order.
  const behind =
    beyond === undefined
      ? undefined
      : account === undefined
        ? sql`(t.account collate "C", ${name}) ${beyond} (${after[0]}, ${after[1]}, ${after[2]})`
        : sql`(${name}) ${beyond} (${after[1]}, ${after[2]})`;
  return sql`
    select ${account === undefined ? sql`t.account collate "C"` : sql`${account}::text`} as account,
      t.registry collate "C" as registry, t.repository collate "C" as repository
    from tag_mapping t where ${all([...tagsWanted(context, filter), behind])} group by 1, 2, 3`;
}

/** Is there a judged tag in the repository `r`? */
function hasJudgedTag(context: ReportContext, filter: PolicyEvaluationsFilter): RawBuilder<unknown> {
  return sql`exists (
    select 1 from tag_mapping t
    where t.account = r.account and t.registry collate "C" = r.registry and t.repository collate "C" = r.repository
      and ${all([...tagsWanted(context, filter), isJudged(context, filter)])} offset 0)`;
}

export async function countRepositories(context: ReportContext, filter: PolicyEvaluationsFilter): Promise<number> {
  const rows = await context.rows<{ n: number }>(sql`
    select count(*)::int as n from (${repositories(context, filter)}) r where ${hasJudgedTag(context, filter)}`);
  return rows[0]?.n ?? 0;
}

function ofRepositories(keys: readonly RepositoryKey[]): RawBuilder<unknown> {
  const column = (name: keyof RepositoryKey) => sql`${keys.map((key) => key[name])}::text[]`;
  return sql`unnest(${column('account')}, ${column('registry')}, ${column('repository')})
      with ordinality k(account, registry, repository, at)
    join tag_mapping t on t.account = k.account and t.registry collate "C" = k.registry and t.repository collate "C" = k.repository`;
}

/** Distinct judged tags of repositories, in the order of the keys. */
export async function countTags(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  keys: readonly RepositoryKey[],
): Promise<number[]> {
  const rows = await context.rows<{ at: number; n: number }>(sql`
    select k.at::int as at, count(distinct t.tag)::int as n
    from ${ofRepositories(keys)} where ${all([...tagsWanted(context, filter), isJudged(context, filter)])} group by 1`);
  const counts = new Map(rows.map(({ at, n }) => [at, n]));
  return keys.map((_, at) => counts.get(at + 1) ?? 0);
}

/** Tag mappings of repositories by name, the newest first, behind a position, at most `limit` for each. */
export async function tagsOfRepositories(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  keys: readonly RepositoryKey[],
  window: { after?: Position | undefined; limit: number },
): Promise<JudgedTag[]> {
  const { after, limit } = window;
  const behind = after
    ? sql`(t.tag collate "C" > ${after[0]} or (t.tag = ${after[0]} and t.id < ${after[1]}::bigint))`
    : undefined;
  const rows = await context.rows<TagColumns>(sql`
    select * from (
      select ${TAG_COLUMNS}, row_number() over (partition by k.at order by t.tag collate "C", t.id desc) as place
      from ${ofRepositories(keys)} where ${all([...tagsWanted(context, filter), behind, isJudged(context, filter)])}) w
    where place <= ${limit} order by at, place`);
  return rows.map((row) => ({ ...keys[row.at - 1]!, ...row }));
}

type TagColumns = Omit<JudgedTag, keyof RepositoryKey>;
const TAG_COLUMNS = sql`k.at::int as at, t.id, t.tag, t.digest, t.detected_at, t.closed_at`;

/** All tag mappings of repositories with their evaluations, in the order of the keys, tags by name and the newest first. */
export async function judgedTags(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  keys: readonly RepositoryKey[],
): Promise<{ tag: JudgedTag; evaluations: EvaluationRow[] }[][]> {
  const rows = await context.rows<TagColumns & EvaluationRow>(sql`
    select ${TAG_COLUMNS}, e.*
    from ${ofRepositories(keys)}
    cross join lateral (
      select ${evaluationColumns(filter)}, e.id as evaluation_id
      ${evaluationsOfTag(context, filter, TAG)}) e
    where ${all([...tagsWanted(context, filter), IMAGE_COUNTS])}
    order by at, t.tag collate "C", t.id desc, e.evaluated_at desc, e.evaluation_id desc`);
  const lists = keys.map((): { tag: JudgedTag; evaluations: EvaluationRow[] }[] => []);
  for (const row of rows) {
    const list = lists[row.at - 1]!;
    const last = list.at(-1);
    if (last?.tag.id === row.id) last.evaluations.push(row);
    else list.push({ tag: { ...keys[row.at - 1]!, ...row }, evaluations: [row] });
  }
  return lists;
}

/** An evaluation as reports show it. */
export interface EvaluationRow {
  at: number;
  status: 'pass' | 'fail';
  reason: string;
  evaluated_at: Date;
  latest: boolean;
  policy_id: string;
  policy_digest: string;
  policy_name: string | null;
  active: boolean;
}

type OfEvaluations = Pick<PolicyEvaluationsFilter, 'policyEvaluation' | 'policyBundle'>;

/** Columns of `EvaluationRow` over `evaluation e`, but for `at`. What the filter says already is not looked up. */
function evaluationColumns(filter: OfEvaluations): RawBuilder<unknown> {
  const latest = filter.policyEvaluation?.latestOnly === false ? IS_LATEST : sql`true`;
  const active = asksUsual(filter) ? sql`true` : IS_ACTIVE;
  return sql`e.status, ${EVALUATION_REASON} as reason, e.evaluated_at, ${latest} as latest, e.policy_id, e.policy_digest,
    (select p.name from policy p where p.account = e.account and p.policy_id = e.policy_id) as policy_name, ${active} as active`;
}

/** Evaluations of images under tags, the newest first; a null tag stands for all tags of the image. */
export function evaluationsOf(
  context: ReportContext,
  filter: OfEvaluations,
  keys: readonly { account: string; digest: string; tags: readonly string[] | null }[],
): Promise<EvaluationRow[]> {
  // One row for each tag: arrays of arrays must be rectangular.
  const flat = keys.flatMap((key, at) => (key.tags ?? [null]).map((tag) => ({ ...key, tag, at: at + 1 })));
  const table = (of: typeof flat) => sql`unnest(${of.map(({ account }) => account)}::text[],
    ${of.map(({ digest }) => digest)}::text[], ${of.map(({ tag }) => tag)}::text[], ${of.map(({ at }) => at)}::int[])
    k(account, digest, tag, at)`;
  const columns = sql`${evaluationColumns(filter)}, e.id as evaluation_id`;
  const ofTag = { account: sql`k.account`, digest: sql`k.digest`, tag: sql`k.tag` };
  const parts = [
    sql`select k.at, e.* from ${table(flat.filter(({ tag }) => tag !== null))}
      cross join lateral (select ${columns} ${evaluationsOfTag(context, filter, ofTag)}) e`,
    sql`select k.at, ${columns} from ${table(flat.filter(({ tag }) => tag === null))}
      join evaluation e on e.account = k.account and e.digest = k.digest
      where ${all(evaluationConditions(context, filter.policyEvaluation, filter.policyBundle))}`,
  ];
  return context.rows<EvaluationRow>(sql`
    ${sql.join(parts, sql` union all `)} order by at, evaluated_at desc, evaluation_id desc`);
}
