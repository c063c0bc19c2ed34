import { type RawBuilder, sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import type { Position } from '../execution/tokens.ts';
import { all, type Condition, currentTag, inScope, tagConditions, textIs } from './conditions.ts';
import { EVALUATION_REASON, evaluationConditions, IS_ACTIVE, IS_LATEST } from './evaluation-conditions.ts';
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

const OF_TAG = sql`e.account = t.account and e.digest = t.digest and e.tag = t.registry || '/' || t.repository || ':' || t.tag`;

function conditions(context: ReportContext, filter: PolicyEvaluationsFilter): Condition[] {
  return [
    inScope('t.account', context, filter),
    currentTag(filter.tag),
    ...tagConditions(filter),
    textIs('t.digest', filter.image?.digest),
    sql`exists (select 1 from evaluation e
      where ${OF_TAG} and ${all(evaluationConditions(context, filter.policyEvaluation, filter.policyBundle))} offset 0)`,
  ];
}

const KEY = sql`t.account collate "C", t.registry collate "C", t.repository collate "C"`;

/** Repositories behind a position, by account, registry and name. */
export function repositoryPage(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  order: 'NAME_ASC' | 'NAME_DESC',
  after: Position | undefined,
  limit: number,
): Promise<RepositoryKey[]> {
  const [beyond, direction] = order === 'NAME_ASC' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const behind = after ? sql`(${KEY}) ${beyond} (${after[0]}, ${after[1]}, ${after[2]})` : undefined;
  return context.rows<RepositoryKey>(sql`
    select t.account collate "C" as account, t.registry collate "C" as registry, t.repository collate "C" as repository
    from tag_mapping t where ${all([...conditions(context, filter), behind])}
    group by 1, 2, 3 order by 1 ${direction}, 2 ${direction}, 3 ${direction} limit ${limit}`);
}

export async function countRepositories(context: ReportContext, filter: PolicyEvaluationsFilter): Promise<number> {
  const rows = await context.rows<{ n: number }>(sql`
    select count(distinct (t.account, t.registry, t.repository))::int as n
    from tag_mapping t where ${all(conditions(context, filter))}`);
  return rows[0]?.n ?? 0;
}

function ofRepositories(keys: readonly RepositoryKey[]): RawBuilder<unknown> {
  const column = (name: keyof RepositoryKey) => sql`${keys.map((key) => key[name])}::text[]`;
  return sql`unnest(${column('account')}, ${column('registry')}, ${column('repository')})
      with ordinality k(account, registry, repository, at)
    join tag_mapping t on t.account = k.account and t.registry = k.registry and t.repository = k.repository`;
}

/** Tag mappings and distinct tags of repositories, in the order of the keys. */
export async function countTags(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  keys: readonly RepositoryKey[],
): Promise<{ mappings: number; tags: number }[]> {
  const rows = await context.rows<{ at: number; mappings: number; tags: number }>(sql`
    select k.at::int as at, count(*)::int as mappings, count(distinct t.tag)::int as tags
    from ${ofRepositories(keys)} where ${all(conditions(context, filter))} group by 1`);
  const counts = new Map(rows.map((row) => [row.at, row]));
  return keys.map((_, at) => counts.get(at + 1) ?? { mappings: 0, tags: 0 });
}

/** Tag mappings of repositories by name, the newest first, behind a position, at most `limit` for each. */
export function tagsOfRepositories(
  context: ReportContext,
  filter: PolicyEvaluationsFilter,
  keys: readonly RepositoryKey[],
  window: { after?: Position | undefined; limit?: number | undefined },
): Promise<JudgedTag[]> {
  const { after, limit } = window;
  const behind = after
    ? sql`(t.tag collate "C" > ${after[0]} or (t.tag = ${after[0]} and t.id < ${after[1]}::bigint))`
    : undefined;
  return context.rows<JudgedTag>(sql`
    select * from (
      select k.at::int as at, t.id, t.account, t.registry, t.repository, t.tag, t.digest, t.detected_at, t.closed_at,
        row_number() over (partition by k.at order by t.tag collate "C", t.id desc) as place
      from ${ofRepositories(keys)} where ${all([...conditions(context, filter), behind])}) w
    ${limit === undefined ? sql`` : sql`where place <= ${limit}`} order by at, place`);
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

/** Evaluations of images under tags, the newest first; a null tag stands for all tags of the image. */
export function evaluationsOf(
  context: ReportContext,
  filter: Pick<PolicyEvaluationsFilter, 'policyEvaluation' | 'policyBundle'>,
  keys: readonly { account: string; digest: string; tags: readonly string[] | null }[],
): Promise<EvaluationRow[]> {
  // One row for each tag: arrays of arrays must be rectangular.
  const flat = keys.flatMap((key, at) => (key.tags ?? [null]).map((tag) => ({ ...key, tag, at: at + 1 })));
  return context.rows<EvaluationRow>(sql`
    select k.at, e.status, ${EVALUATION_REASON} as reason, e.evaluated_at, ${IS_LATEST} as latest, e.policy_id,
      e.policy_digest, p.name as policy_name, ${IS_ACTIVE} as active
    from unnest(${flat.map(({ account }) => account)}::text[], ${flat.map(({ digest }) => digest)}::text[],
      ${flat.map(({ tag }) => tag)}::text[], ${flat.map(({ at }) => at)}::int[]) k(account, digest, tag, at)
    join evaluation e on e.account = k.account and e.digest = k.digest and (k.tag is null or e.tag = k.tag)
    left join policy p on p.account = e.account and p.policy_id = e.policy_id
    where ${all(evaluationConditions(context, filter.policyEvaluation, filter.policyBundle))}
    order by k.at, e.evaluated_at desc, e.id desc`);
}
