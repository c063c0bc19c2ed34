import type { ReportContext } from '../execution/context.ts';
import { decodeToken, encodeToken, subjectOfToken } from '../execution/tokens.ts';
import type { PolicyEvaluationsFilter } from '../queries/filters.ts';
import {
  countRepositories,
  countTags,
  type EvaluationRow,
  evaluationsOf,
  type JudgedTag,
  type RepositoryKey,
  repositoryPage,
  tagsOfRepositories,
} from '../queries/policy-store.ts';
import {
  asksForAll,
  type InnerArguments,
  type InnerPage,
  innerName,
  innerSubject,
  type ListArguments,
  listSubject,
  pageInfo,
  pageLimit,
  rowsThatFit,
  startOf,
} from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import { groupBy, grouped } from './vulnerabilities.ts';

interface RepositoryParent {
  repositoryName: string;
  key: RepositoryKey;
  subject: string;
  filter: PolicyEvaluationsFilter;
}

const policyEvaluationsByTag: Resolver = async (_parent, args: ListArguments, context, info) => {
  const limit = pageLimit(args.limit, context);
  const subject = listSubject('policyEvaluationsByTag', args, context);
  const filter = (args.filter ?? {}) as PolicyEvaluationsFilter;
  const order = args.orderBy === 'NAME_DESC' ? 'NAME_DESC' : 'NAME_ASC';
  const keys = await repositoryPage(context, filter, order, startOf(args, subject, 3), limit + 1);
  const page = keys.slice(0, limit);
  const sizes = asksForAll(info, 'results', 'repositories', 'tags') ? await countTags(context, filter, page) : [];
  const shown = page.slice(
    0,
    sizes.length > 0
      ? rowsThatFit(
          sizes.map((size) => size.mappings),
          context,
        )
      : limit,
  );
  context.spend(shown.length);
  const last = shown.at(-1);
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
        (key): RepositoryParent => ({ repositoryName: key.repository, key, subject, filter }),
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
      { after, limit: limit === undefined ? undefined : limit + 1 },
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
}

/** Verdicts by tag. */
export const policyResolvers: Resolvers = {
  Query: { policyEvaluationsByTag },
  EvaluatedRepository: {
    tagsCount: (parent: RepositoryParent, _args, context) =>
      context.batches.load(`tags count ${parent.subject}`, parent, async (parents) => {
        const counts = await countTags(
          context,
          parent.filter,
          parents.map(({ key }) => key),
        );
        return new Map(parents.map((one, at) => [one, counts[at]?.tags ?? 0]));
      }),
    tags: async (parent: RepositoryParent, args: InnerArguments, context) =>
      ((await tagPage(parent, args, context))?.rows ?? []).map((row) => ({
        tagName: row.tag,
        imageDigest: row.digest,
        detectedAt: row.detected_at,
        current: row.closed_at === null,
        ...{ row, repository: parent },
      })),
    tagsNextToken: async (parent: RepositoryParent, args: InnerArguments, context) =>
      (await tagPage(parent, args, context))?.nextToken ?? null,
  },
  EvaluatedTag: {
    evaluations: async (parent: TagParent, _args, context) => {
      const rows = await context.batches.load(`evaluations ${parent.repository.subject}`, parent, async (parents) => {
        const keys = parents.map(({ row }) => ({
          account: row.account,
          digest: row.digest,
          tags: [`${row.registry}/${row.repository}:${row.tag}`],
        }));
        return grouped(parents, await evaluationsOf(context, parent.repository.filter, keys));
      });
      context.spend(rows?.length ?? 0);
      return (rows ?? []).map(evaluationView);
    },
  },
};
