import type { ReportContext } from '../execution/context.ts';
import { decodeToken, encodeToken, subjectOfToken } from '../execution/tokens.ts';
import type { PolicyEvaluationsFilter } from '../queries/filters.ts';
import {
  countRepositories,
  countTags,
  type EvaluationRow,
  evaluationsOf,
  type JudgedTag,
  judgedTags,
  type RepositoryKey,
  repositoryPage,
  tagsOfRepositories,
} from '../queries/policy-store.ts';
import {
  asksForAll,
  asksForWhole,
  type InnerArguments,
  type InnerPage,
  innerName,
  innerSubject,
  type ListArguments,
  listSubject,
  pageInfo,
  pageLimit,
  startOf,
} from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import { groupBy, grouped } from './vulnerabilities.ts';
import { readWhole } from './whole-lists.ts';

interface RepositoryParent {
  repositoryName: string;
  key: RepositoryKey;
  subject: string;
  filter: PolicyEvaluationsFilter;
  /** Its tags, when they are asked for whole. */
  tags?: Awaited<ReturnType<typeof judgedTags>>[number] | undefined;
}

const policyEvaluationsByTag: Resolver = async (_parent, args: ListArguments, context, info) => {
  const limit = pageLimit(args.limit, context);
  const subject = listSubject('policyEvaluationsByTag', args, context);
  const filter = (args.filter ?? {}) as PolicyEvaluationsFilter;
  const order = args.orderBy === 'NAME_DESC' ? 'NAME_DESC' : 'NAME_ASC';
  const keys = await repositoryPage(context, filter, order, startOf(args, subject, 3), limit + 1);
  const page = keys.slice(0, limit);
  const tags = asksForAll(info, 'results', 'repositories', 'tags')
    ? await readWhole(
        page,
        context,
        (part) => judgedTags(context, filter, part),
        (list) => list.reduce((sum, { evaluations }) => sum + 1 + evaluations.length, 0),
      )
    : undefined;
  const shown = tags ? page.slice(0, tags.length) : page;
  context.spend(shown.length);
  const last = shown.at(-1);
  const tagsOf = new Map(shown.map((key, at) => [key, tags?.[at]]));
  const registries = groupBy(shown, (key) => `${key.account}\n${key.registry}`);
  return {
    pageInfo: pageInfo(context, {
      subject,
      count: shown.length,
      last: last ? [last.account, last.registry, last.repository] : undefined,
      more: shown.length < keys.length,
      total: () => countRepositories(context, filter),
    }),
    results: [...registries.values()].map((repositories) => ({
      registryName: repositories[0]!.registry,
      accountName: repositories[0]!.account,
      repositories: repositories.map(
        (key): RepositoryParent => ({ repositoryName: key.repository, key, subject, filter, tags: tagsOf.get(key) }),
      ),
    })),
  };
};

function tagSubject({ subject, key }: RepositoryParent): string {
  return innerSubject(subject, 'tags', [key.account, key.registry, key.repository]);
}

function tagPage(parent: RepositoryParent, args: InnerArguments, context: ReportContext) {
  // Two lists of one document may have different filters: their subjects tell them apart.
  return context.batches.load(`${innerName('tags', args)} ${parent.subject}`, parent, async (parents) => {
    const limit = args.limit === undefined || args.limit === null ? undefined : pageLimit(args.limit, context);
    const claimed = args.nextToken ? subjectOfToken(args.nextToken) : undefined;
    const wanted = claimed === undefined ? parents : parents.filter((one) => tagSubject(one) === claimed);
    const after = args.nextToken ? decodeToken(args.nextToken, wanted[0] ? tagSubject(wanted[0]) : '', 2) : undefined;
    const rows = await tagsOfRepositories(
      context,
      parent.filter,
      wanted.map(({ key }) => key),
      { after, limit: (limit ?? context.remaining()) + 1 },
    );
    const pages = new Map<RepositoryParent, InnerPage<JudgedTag>>();
    for (const [one, list] of grouped(wanted, rows)) {
      const shown = limit === undefined ? list : list.slice(0, limit);
      context.spend(shown.length);
      const last = shown.at(-1);
      const more = last !== undefined && shown.length < list.length;
      pages.set(one, { rows: shown, nextToken: more ? encodeToken(tagSubject(one), [last.tag, last.id]) : null });
    }
    return pages;
  });
}

/** An evaluation as the schema shows it. */
export function evaluationView(row: EvaluationRow) {
  return {
    result: row.status === 'pass' ? 'Pass' : 'Fail',
    reason: row.reason,
    lastEvaluatedAt: row.evaluated_at,
    latest: row.latest,
    policyBundle: {
      bundleId: row.policy_id,
      bundleDigest: row.policy_digest,
      name: row.policy_name,
      active: row.active,
    },
  };
}

interface TagParent {
  row: JudgedTag;
  repository: RepositoryParent;
  evaluations?: readonly EvaluationRow[];
}

/** Verdicts by tag. */
export const policyResolvers: Resolvers = {
  Query: { policyEvaluationsByTag },
  EvaluatedRepository: {
    tagsCount: (parent: RepositoryParent, _args, context) =>
      parent.tags
        ? new Set(parent.tags.map(({ tag }) => tag.tag)).size
        : context.batches.load(`tags count ${parent.subject}`, parent, async (parents) => {
            const counts = await countTags(
              context,
              parent.filter,
              parents.map(({ key }) => key),
            );
            return new Map(parents.map((one, at) => [one, counts[at] ?? 0]));
          }),
    tags: (parent: RepositoryParent, args: InnerArguments, context) => {
      const view = (row: JudgedTag, evaluations?: readonly EvaluationRow[]) => ({
        tagName: row.tag,
        imageDigest: row.digest,
        detectedAt: row.detected_at,
        current: row.closed_at === null,
        ...{ row, repository: parent, evaluations },
      });
      if (!parent.tags || !asksForWhole(args))
        return tagPage(parent, args, context).then((found) => (found?.rows ?? []).map((row) => view(row)));
      context.spend(parent.tags.length);
      return parent.tags.map(({ tag, evaluations }) => view(tag, evaluations));
    },
    tagsNextToken: async (parent: RepositoryParent, args: InnerArguments, context) =>
      (await tagPage(parent, args, context))?.nextToken ?? null,
  },
  EvaluatedTag: {
    evaluations: (parent: TagParent, _args, context) => {
      const views = (rows: readonly EvaluationRow[]) => {
        context.spend(rows.length);
        return rows.map(evaluationView);
      };
      if (parent.evaluations) return views(parent.evaluations);
      return context.batches
        .load(`evaluations ${parent.repository.subject}`, parent, async (parents) => {
          const keys = parents.map(({ row }) => ({
            account: row.account,
            digest: row.digest,
            tags: [`${row.registry}/${row.repository}:${row.tag}`],
          }));
          return grouped(parents, await evaluationsOf(context, parent.repository.filter, keys));
        })
        .then((rows) => views(rows ?? []));
    },
  },
};
