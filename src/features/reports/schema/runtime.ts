import type { ReportContext } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import { decodeToken, encodeToken, type Position, subjectOfToken } from '../execution/tokens.ts';
import type { EcsFilter, FindingFilter, KubernetesFilter, PolicyEvaluationsFilter } from '../queries/filters.ts';
import type { FindingPage } from '../queries/finding-rows-store.ts';
import { evaluationsOf } from '../queries/policy-store.ts';
import {
  countRunning,
  evaluatedTags,
  type PlaceRow,
  placesOf,
  type RunningImageRow,
  type RunningList,
  type RuntimeFilter,
  runningPage,
} from '../queries/runtime-store.ts';
import { prepareSelection } from '../queries/selection.ts';
import {
  countWorkloads,
  positionLength,
  vulnerabilitiesOfImages,
  type WorkloadList,
  type WorkloadRow,
  workloadPage,
} from '../queries/workload-store.ts';
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
import { evaluationView } from './policies.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import { byPage, grouped, type ImageParent, imageArtifacts, links } from './vulnerabilities.ts';
import { readWhole } from './whole-lists.ts';

interface RunningParent {
  row: RunningImageRow;
  filter: RuntimeFilter;
  subject: string;
}

function nameOrder(args: ListArguments): 'NAME_ASC' | 'NAME_DESC' {
  return args.orderBy === 'NAME_DESC' ? 'NAME_DESC' : 'NAME_ASC';
}

/** A list of images as they run. */
function runningList(name: string, list: RunningList): Resolver {
  return async (_parent, args: ListArguments, context) => {
    const limit = pageLimit(args.limit, context);
    const subject = listSubject(name, args, context);
    const filter = (args.filter ?? {}) as RuntimeFilter;
    if (filter.tag?.after || filter.tag?.before)
      throw reportError('FILTER_INVALID', 'tag.after and tag.before are of tags in the catalogue, not of what runs');
    const after = startOf(args, subject, 3);
    const rows = await runningPage(context, filter, list, nameOrder(args), after, limit + 1);
    const shown = rows.slice(0, limit);
    context.spend(shown.length);
    const last = shown.at(-1);
    return {
      pageInfo: pageInfo(context, {
        subject,
        count: shown.length,
        last: last ? [last.account, last.image_tag, last.image_digest] : undefined,
        more: shown.length < rows.length,
        total: () => countRunning(context, filter, list),
      }),
      results: shown.map((row) => ({
        imageTag: row.image_tag,
        imageDigest: row.image_digest,
        analysisStatus: row.status,
        accountName: row.account,
        ...{ row, filter, subject },
      })),
    };
  };
}

function placeView(row: PlaceRow) {
  return {
    inventoryType: row.inventory_type,
    context: row.context,
    imageTag: row.image_tag,
    lastSeen: row.last_seen,
  };
}

const inventory: Resolver = async (parent: RunningParent, _args, context) => {
  const rows = await context.batches.load(`places ${parent.subject}`, parent, async (parents) => {
    const keys = parents.map(({ row }) => row);
    return grouped(
      parents,
      await placesOf(
        context,
        parent.filter,
        keys.map(({ account, image_tag, image_digest }) => ({ account, image_tag, image_digest })),
      ),
    );
  });
  context.spend(rows?.length ?? 0);
  return (rows ?? []).map(placeView);
};

const inventoryOfImage: Resolver = async (parent: ImageParent, _args, context) => {
  // Lists of one document may have different filters.
  const rows = await context.batches.load('places of images', parent, (parents) =>
    byPage(parents, async (page, of) => {
      const keys = of.map(({ account, digest }) => ({ account, digest }));
      return grouped(of, await placesOf(context, page.selection.filter as RuntimeFilter, keys));
    }),
  );
  context.spend(rows?.length ?? 0);
  return (rows ?? []).map(placeView);
};

const evaluationsOfRunning: Resolver = async (parent: RunningParent, _args, context) => {
  const rows = await context.batches.load(`evaluations ${parent.subject}`, parent, async (parents) => {
    const tags = await evaluatedTags(
      context,
      parents.map(({ row }) => row),
    );
    const keys = parents.flatMap((one, at) =>
      (tags.get(one.row) ?? []).map((key) => ({ account: one.row.account, ...key, at: at + 1 })),
    );
    const found = await evaluationsOf(context, parent.filter as PolicyEvaluationsFilter, keys);
    return grouped(
      parents,
      found.map((row) => ({ ...row, at: keys[row.at - 1]!.at })),
    );
  });
  context.spend(rows?.length ?? 0);
  return (rows ?? []).map(evaluationView);
};

interface WorkloadParent {
  row: WorkloadRow;
  page: FindingPage;
  subject: string;
  /** Its vulnerabilities, when they are asked for whole. */
  whole?: readonly string[] | undefined;
}

/** A list of namespaces or containers with the vulnerabilities of their images. */
function workloadList(name: string, list: WorkloadList): Resolver {
  return async (_parent, args: ListArguments, context, info) => {
    const limit = pageLimit(args.limit, context);
    const subject = listSubject(name, args, context);
    const filter = (args.filter ?? {}) as KubernetesFilter & EcsFilter;
    const findings: FindingFilter = {
      vulnerability: filter.vulnerability ?? null,
      artifact: filter.artifact ?? null,
      account: filter.account ?? null,
      // What runs counts, whatever its tags point to now.
      tag: { currentOnly: false },
    };
    const after = startOf(args, subject, positionLength(list));
    const selection = await prepareSelection(context, findings);
    const { rows, owned } = await workloadPage(selection, list, filter, nameOrder(args), after, limit + 1);
    const page: FindingPage = { selection, owned };
    const inPage = rows.slice(0, limit);
    const whole = asksForAll(info, 'results', 'vulnerabilities')
      ? await readWhole(
          inPage,
          context,
          (part) => vulnerabilitiesOfImages(page, part, {}),
          (ids) => ids.length,
        )
      : undefined;
    const shown = whole ? inPage.slice(0, whole.length) : inPage;
    context.spend(shown.length);
    return {
      pageInfo: pageInfo(context, {
        subject,
        count: shown.length,
        last: shown.at(-1)?.position,
        more: shown.length < rows.length,
        total: () => countWorkloads(selection, list, filter),
      }),
      results: shown.map((row, at) => ({ ...workloadView(row), ...{ row, page, subject, whole: whole?.[at] } })),
    };
  };
}

function keyValues(labels: Record<string, string> | null): { key: string; value: string }[] {
  return Object.entries(labels ?? {}).map(([key, value]) => ({ key, value: String(value) }));
}

function workloadView(row: WorkloadRow) {
  const object = (
    uid: string | null,
    name: string | null,
    labels: Labels,
    annotations: Labels,
    lastSeen: Date | null,
  ) =>
    name === null || name === undefined
      ? null
      : { uid: uid || null, name, labels: keyValues(labels), annotations: keyValues(annotations), lastSeen };
  return {
    accountName: row.account,
    clusterName: row.cluster,
    namespace: object(
      row.namespace_uid,
      row.namespace,
      row.namespace_labels,
      row.namespace_annotations,
      row.namespace_seen,
    ),
    node: object(row.node_uid, row.node, row.node_labels, row.node_annotations, row.node_seen),
    pod: object(row.pod_uid, row.pod, row.pod_labels, row.pod_annotations, row.pod_seen),
    containerId: row.container_id,
    containerName: row.container,
    imageTag: row.image_tag,
    imageDigest: row.image_digest,
    clusterArn: row.cluster,
    serviceArn: row.service,
    taskArn: row.task || null,
    taskDefinitionArn: row.task_definition,
    containerArn: row.container_id,
    taskTags: keyValues(row.task_tags),
    serviceTags: keyValues(row.service_tags),
  };
}

type Labels = WorkloadRow['pod_labels'];

function workloadSubject({ subject, row }: WorkloadParent): string {
  return innerSubject(subject, 'vulnerabilities', row.position);
}

function vulnerabilityPages(parent: WorkloadParent, args: InnerArguments, context: ReportContext) {
  return context.batches.load(`${innerName('vulnerabilities', args)} ${parent.subject}`, parent, async (parents) => {
    const limit = args.limit === undefined || args.limit === null ? undefined : pageLimit(args.limit, context);
    const claimed = args.nextToken ? subjectOfToken(args.nextToken) : undefined;
    const wanted = claimed === undefined ? parents : parents.filter((one) => workloadSubject(one) === claimed);
    const after: Position | undefined = args.nextToken
      ? decodeToken(args.nextToken, wanted[0] ? workloadSubject(wanted[0]) : '', 1)
      : undefined;
    const lists = await vulnerabilitiesOfImages(
      parent.page,
      wanted.map(({ row }) => row),
      { after: after === undefined ? undefined : String(after[0]), limit: limit === undefined ? undefined : limit + 1 },
    );
    const pages = new Map<WorkloadParent, InnerPage<string>>();
    for (const [at, one] of wanted.entries()) {
      const list = lists[at]!;
      const shown = limit === undefined ? list : list.slice(0, limit);
      context.spend(shown.length);
      const last = shown.at(-1);
      const more = last !== undefined && shown.length < list.length;
      pages.set(one, { rows: shown, nextToken: more ? encodeToken(workloadSubject(one), [last]) : null });
    }
    return pages;
  });
}

const workload = {
  vulnerabilities: (parent: WorkloadParent, args: InnerArguments, context: ReportContext) => {
    const views = (ids: readonly string[]) =>
      ids.map((id) => ({
        vulnerabilityId: id,
        vulnerability: id,
        account: parent.row.account,
        digest: parent.row.digest,
        page: parent.page,
      }));
    if (!parent.whole || !asksForWhole(args))
      return vulnerabilityPages(parent, args, context).then((found) => views(found?.rows ?? []));
    context.spend(parent.whole.length);
    return views(parent.whole);
  },
  vulnerabilitiesNextToken: async (parent: WorkloadParent, args: InnerArguments, context: ReportContext) =>
    (await vulnerabilityPages(parent, args, context))?.nextToken ?? null,
};

const unscanned = runningList('runtimeInventoryUnscannedImages', 'unscanned');
const byNamespace = workloadList('kubernetesRuntimeVulnerabilitiesByNamespace', 'namespace');

/** Reports on what runs. */
export const runtimeResolvers: Resolvers = {
  Query: {
    runtimeInventoryUnscannedImages: unscanned,
    unscannedRuntimeInventoryImages: unscanned,
    policyEvaluationsByRuntimeInventoryImage: runningList('policyEvaluationsByRuntimeInventoryImage', 'judged'),
    kubernetesRuntimeVulnerabilitiesByNamespace: byNamespace,
    vulnerabilitiesByKubernetesNamespace: byNamespace,
    vulnerabilitiesByKubernetesContainer: workloadList('vulnerabilitiesByKubernetesContainer', 'container'),
    vulnerabilitiesByEcsContainer: workloadList('vulnerabilitiesByEcsContainer', 'ecs'),
  },
  RuntimeInventoryUnscannedImage: { inventory },
  PolicyEvaluationsByRuntimeInventoryImage: { inventory, evaluations: evaluationsOfRunning },
  RuntimeInventoryVulnerableImage: { inventory: inventoryOfImage },
  VulnerabilitiesByKubernetesNamespace: workload,
  VulnerabilitiesByKubernetesContainer: workload,
  VulnerabilitiesByEcsContainer: workload,
  RuntimeVulnerability: { links, artifacts: imageArtifacts },
};
