import type { ContainerFact, ContextFact, ImageFact } from './facts.ts';
import { type Asked, fitsImage, fitsMatch, inScope } from './filter-oracle.ts';
import { compareLists, type Finding } from './finding-oracle.ts';
import { canonicalTag, placeViews, type Running, runningRows } from './inventory-oracle.ts';
import { evaluationViews, fitsEvaluation } from './policy-oracle.ts';
import { fitsLabel, fitsText } from './text-match.ts';
import {
  artifactViews,
  groupsOf,
  imagesByVulnerability,
  linksOf,
  type Row,
  sortedBy,
  written,
} from './vulnerability-oracle.ts';

/** Reports on what runs: tags count whatever they point to now, unless the filter is about tags. */
export function runtimeInventoryImagesByVulnerability(asked: Asked, orderBy?: string): Row[] {
  const rows = runningRows(asked);
  const running = new Set(rows.map(({ image }) => image));
  const within = {
    ...asked,
    filter: asked.filter.tag ? asked.filter : { ...asked.filter, tag: { currentOnly: false } },
    findings: asked.findings.filter(({ image }) => running.has(image)),
  };
  return imagesByVulnerability(within, orderBy).map((row) => ({
    ...row,
    images: (row.images as Row[]).map(({ imageId: _, ...image }) => ({
      ...image,
      inventory: placeViews(
        rows.filter((one) => one.account === row.accountName && one.image?.digest === image.digest),
      ),
    })),
  }));
}

/** Images as they run: by tag and digest, as far as the filter names them. */
function imagesThatRun(asked: Asked, orderBy = 'NAME_ASC'): Running[][] {
  const { registry, repository, tag, image } = asked.filter;
  const rows = runningRows(asked).filter((row) => {
    const [, host, path, name] = /^([^/]*)(?:\/(.*?))?(?::([^:/]*))?$/.exec(row.full_tag ?? row.image_tag) ?? [];
    return (
      fitsText(host, registry?.name) &&
      fitsText(path, repository?.name) &&
      fitsText(name, tag?.name) &&
      (fitsText(row.image_digest, image?.digest) ||
        (row.image !== undefined && fitsText(row.image.digest, image?.digest)))
    );
  });
  const keyOf = (row: Running) => [row.account, row.image_tag, row.image_digest];
  const sign = orderBy === 'NAME_DESC' ? -1 : 1;
  return [...groupsOf(rows, (row) => keyOf(row).join('\n')).values()].sort(
    (a, b) => sign * compareLists(keyOf(a[0]!), keyOf(b[0]!)),
  );
}

const allPlaces = (asked: Asked, [first]: Running[]) =>
  placeViews(
    runningRows(asked).filter(
      (row) =>
        row.account === first!.account &&
        row.image_tag === first!.image_tag &&
        row.image_digest === first!.image_digest,
    ),
  );

const headOf = (asked: Asked, rows: Running[]) => ({
  ...{ imageTag: rows[0]!.image_tag, imageDigest: rows[0]!.image_digest, accountName: rows[0]!.account },
  inventory: allPlaces(asked, rows),
});

export function runtimeInventoryUnscannedImages(asked: Asked, orderBy?: string): Row[] {
  return imagesThatRun(asked, orderBy).flatMap((rows) => {
    const states = rows.flatMap(({ image }) => image?.analysis_status ?? []);
    const state = ['analyzed', 'analyzing', 'not_analyzed', 'analysis_failed'].find((one) =>
      states.includes(one as never),
    );
    return state === 'analyzed' ? [] : [{ ...headOf(asked, rows), analysisStatus: state ?? 'not_in_catalog' }];
  });
}

/** Verdicts under the tag that runs; where there are none, those under any tag of the image. */
export function policyEvaluationsByRuntimeInventoryImage(asked: Asked, orderBy?: string): Row[] {
  return imagesThatRun(asked, orderBy).flatMap((rows) => {
    const names = new Set(
      rows.flatMap(({ image_tag, full_tag }) => [canonicalTag(image_tag), ...(full_tag ? [full_tag] : [])]),
    );
    const digests = [...new Set(rows.flatMap(({ image }) => image?.digest ?? []))].sort();
    const evaluations = digests.flatMap((digest) => {
      const all = asked.fleet.evaluations.filter((one) => one.account === rows[0]!.account && one.digest === digest);
      const underTag = all.filter(({ tag }) => names.has(canonicalTag(tag)));
      const fitting = (underTag.length > 0 ? underTag : all).filter((one) => fitsEvaluation(asked, one));
      return evaluationViews(asked, fitting);
    });
    return evaluations.length === 0 ? [] : [{ ...headOf(asked, rows), evaluations }];
  });
}

type Named = { uid: string; name: string; labels: Record<string, string>; annotations: Record<string, string> };

/** In the order in which the database keeps members: by length, then by name. */
function pairs(labels: Record<string, string> | undefined): Row[] {
  return sortedBy(Object.entries(labels ?? {}), ([key]) => [key.length, key]).map(([key, value]) => ({ key, value }));
}

function objectView(object: Named | undefined, seen: string | null): Row | null {
  if (!object) return null;
  return {
    ...{
      uid: object.uid || null,
      name: object.name,
      labels: pairs(object.labels),
      annotations: pairs(object.annotations),
    },
    lastSeen: written(seen),
  };
}

const fitsObject = (object: Named | undefined, wanted: Record<string, never> | null | undefined): boolean =>
  fitsText(object?.name, wanted?.name) &&
  fitsLabel(object?.labels, wanted?.label) &&
  fitsLabel(object?.annotations, wanted?.annotation);

/** Images of the catalogue by context and name; of several children of an index the best known. */
function runningByPlace(asked: Asked): { row: Running; image: ImageFact; context: ContextFact; cluster: string }[] {
  const groups = groupsOf(runningRows(asked, false), (row) =>
    [row.context_id, row.image_tag, row.image_digest].join('\n'),
  );
  return [...groups.values()].flatMap((rows) => {
    const images = rows.flatMap(({ image }) => image ?? []);
    const [image] = sortedBy(images, (one) => [one.analysis_status === 'analyzed' ? 0 : 1, one.digest]);
    const context = asked.fleet.contexts.find(({ id }) => id === rows[0]!.context_id)!;
    const cluster = asked.fleet.clusters.find(({ id }) => id === context.cluster_id)!.name;
    const wanted = asked.filter.image?.digest;
    const fits = image && (fitsText(image.digest, wanted) || fitsText(rows[0]!.image_digest, wanted));
    return fits ? [{ row: rows[0]!, image, context, cluster }] : [];
  });
}

function containersOf(asked: Asked, { row, context }: { row: Running; context: ContextFact }): ContainerFact[] {
  return asked.fleet.containers.filter(
    (one) =>
      one.context_id === row.context_id &&
      one.image_tag === row.image_tag &&
      one.image_digest === row.image_digest &&
      (one.last_seen ?? context.last_seen) >= asked.runningSince,
  );
}

function podOf({ fleet }: Asked, context: ContextFact, container: ContainerFact) {
  const pod = fleet.pods.find((one) => one.context_id === container.context_id && one.uid === container.owner);
  const node = pod && fleet.nodes.find((one) => one.cluster_id === context.cluster_id && one.uid === pod.node_uid);
  return { pod, node };
}

function fitsContainer(asked: Asked, context: ContextFact, container: ContainerFact): boolean {
  const { pod, node } = podOf(asked, context, container);
  const { filter } = asked;
  return (
    fitsObject(pod, filter.pod) &&
    fitsObject(node, filter.node) &&
    fitsText(container.container_id, filter.container?.id) &&
    fitsText(container.name, filter.container?.name)
  );
}

/** Vulnerabilities of an image by id, descending, with the packages that have them. */
function vulnerabilitiesOf(asked: Asked, image: ImageFact): Row[] {
  const findings = asked.findings.filter((finding: Finding) => finding.image === image && fitsMatch(asked, finding));
  const ids = [...groupsOf(findings, ({ match }) => match.vulnerability)].sort(([a], [b]) => (a < b ? 1 : -1));
  return ids.map(([id, of]) => ({ vulnerabilityId: id, links: linksOf(asked, id), artifacts: artifactViews(of) }));
}

type Listed = { key: (string | number)[]; image: ImageFact; view: Row };

function vulnerable(asked: Asked, orderBy: string | undefined, places: Listed[]): Row[] {
  const sign = orderBy === 'NAME_DESC' ? -1 : 1;
  const open = { ...asked, filter: { ...asked.filter, image: null, tag: { currentOnly: false } } };
  return places
    .filter(({ image }) => inScope(asked, image.account) && fitsImage(open, image))
    .sort((a, b) => sign * compareLists(a.key, b.key))
    .map(({ image, view }): Row & { vulnerabilities: Row[] } => ({
      ...view,
      accountName: image.account,
      vulnerabilities: vulnerabilitiesOf(open, image),
    }))
    .filter(({ vulnerabilities }) => vulnerabilities.length > 0);
}

function kubernetesPlaces(asked: Asked) {
  return runningByPlace(asked).filter(
    ({ row, context, cluster }) =>
      row.kind === 'kubernetes' &&
      fitsObject(context, asked.filter.namespace) &&
      fitsText(cluster, asked.filter.cluster?.name),
  );
}

export function kubernetesRuntimeVulnerabilitiesByNamespace(asked: Asked, orderBy?: string): Row[] {
  const { pod, node, container } = asked.filter;
  const parts = [
    pod?.name,
    pod?.label?.key,
    pod?.label?.value,
    pod?.annotation?.key,
    pod?.annotation?.value,
    node?.name,
  ];
  const more = [
    node?.label?.key,
    node?.label?.value,
    node?.annotation?.key,
    node?.annotation?.value,
    container?.id,
    container?.name,
  ];
  const within = [...parts, ...more].some((one) => typeof one === 'string');
  const places = kubernetesPlaces(asked)
    .filter((place) => !within || containersOf(asked, place).some((one) => fitsContainer(asked, place.context, one)))
    .map(({ row, image, context, cluster }) => ({
      image,
      key: [row.account, cluster, context.name, context.id, row.image_tag, row.image_digest],
      view: {
        clusterName: cluster,
        namespace: objectView(context, context.last_seen),
        imageTag: row.image_tag,
        imageDigest: row.image_digest,
      },
    }));
  return vulnerable(asked, orderBy, places);
}

export function vulnerabilitiesByKubernetesContainer(asked: Asked, orderBy?: string): Row[] {
  const places = kubernetesPlaces(asked).flatMap((place) =>
    containersOf(asked, place)
      .filter((container) => fitsContainer(asked, place.context, container))
      .map((container) => {
        const { row, image, context, cluster } = place;
        const { pod, node } = podOf(asked, context, container);
        return {
          image,
          key: [row.account, cluster, context.name, context.id, container.owner, container.container_id],
          view: {
            ...{ clusterName: cluster, namespace: objectView(context, context.last_seen) },
            ...{
              node: objectView(node, node?.last_seen ?? null),
              pod: objectView(pod, pod?.last_seen ?? context.last_seen),
            },
            ...{ containerId: container.container_id, containerName: container.name },
            ...{ imageTag: row.image_tag, imageDigest: row.image_digest },
          },
        };
      }),
  );
  return vulnerable(asked, orderBy, places);
}

export function vulnerabilitiesByEcsContainer(asked: Asked, orderBy?: string): Row[] {
  const { fleet, filter } = asked;
  const places = runningByPlace(asked)
    .filter(({ row }) => row.kind === 'ecs')
    .flatMap((place) =>
      containersOf(asked, place).map((container) => {
        const { row, image, context, cluster } = place;
        const task = fleet.tasks.find((one) => one.context_id === context.id && one.arn === container.owner);
        const service =
          task && fleet.services.find((one) => one.context_id === context.id && one.arn === task.service_arn);
        const fits =
          fitsText(cluster, filter.clusterArn) &&
          fitsText(service?.arn, filter.serviceArn) &&
          fitsText(container.owner, filter.taskArn) &&
          fitsText(container.container_id, filter.containerArn);
        const view = {
          ...{ clusterArn: cluster, serviceArn: service?.arn ?? null, taskArn: container.owner || null },
          ...{ taskDefinitionArn: task?.task_definition_arn ?? null, containerArn: container.container_id },
          ...{
            imageTag: row.image_tag,
            imageDigest: row.image_digest,
            taskTags: pairs(task?.tags),
            serviceTags: pairs(service?.tags),
          },
        };
        return { fits, image, view, key: [row.account, cluster, context.id, container.owner, container.container_id] };
      }),
    )
    .filter(({ fits }) => fits);
  return vulnerable(asked, orderBy, places);
}
