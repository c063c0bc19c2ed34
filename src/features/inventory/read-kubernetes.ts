import type {
  KubernetesInventory,
  KubernetesInventoryNamespace,
  KubernetesInventoryNode,
  KubernetesInventoryPod,
} from '#contract/kubernetes.ts';
import { badRequest } from '#shared/errors.ts';
import { hashOf, hashOfSet, orderedJson } from './content-hash.ts';
import { canonicalTag, digestIn } from './image-names.ts';
import type { Report, ReportedContainer, ReportedContext, ReportedImage, ReportedNode, ReportedPod } from './report.ts';
import { workloadOf } from './workload.ts';

/** Name of the context of a namespace. Names of clusters may hold slashes, those of namespaces cannot. */
export function contextName(cluster: string, namespace: string): string {
  return `${cluster}/${namespace}`;
}

/** Images of containers, each once. */
export function imagesOf(containers: readonly { image_tag: string; image_digest: string }[]): ReportedImage[] {
  const images = new Map<string, ReportedImage>();
  for (const { image_tag, image_digest } of containers) {
    const key = `${image_tag}\n${image_digest}`;
    if (!images.has(key)) images.set(key, { image_tag, image_digest, full_tag: canonicalTag(image_tag) });
  }
  return [...images.values()];
}

/**
 * Reads the report of a Kubernetes agent. Agents drop what refers to nothing before they send, so a reference to
 * something that the report lacks comes from a foreign client: 400, naming it. Of things sent twice the first counts.
 */
export function readKubernetesReport(report: KubernetesInventory): Report {
  const cluster = report.cluster_name.trim();
  if (cluster === '') throw badRequest('cluster_name must not be empty');
  const namespaces = unique(report.namespaces ?? [], ({ uid }) => uid);
  const nodes = unique(report.nodes ?? [], ({ uid }) => uid);
  const pods = unique(report.pods ?? [], ({ uid }) => uid);
  const contexts = new Map<string, ReportedContext>();
  for (const namespace of namespaces.values()) contexts.set(namespace.uid, emptyContext(cluster, namespace));
  const workloads = new Map<string, string>();
  for (const pod of pods.values()) {
    const context = contexts.get(pod.namespace_uid);
    if (!context) throw dangling('pod', pod.uid, 'namespace_uid', pod.namespace_uid);
    if (pod.node_uid && !nodes.has(pod.node_uid)) throw dangling('pod', pod.uid, 'node_uid', pod.node_uid);
    context.pods.push(readPod(pod));
    workloads.set(pod.uid, workloadOf(pod));
  }
  const seen = new Map<string, string>();
  for (const container of report.containers ?? []) {
    const pod = pods.get(container.pod_uid);
    if (!pod) throw dangling('container', container.id, 'pod_uid', container.pod_uid);
    if (container.id.trim() === '') throw badRequest(`container ${container.name} of pod ${pod.uid} has an empty id`);
    // ids are unique as a rule: only where one comes again the pod tells
    const first = seen.get(container.id);
    if (first === undefined) seen.set(container.id, pod.uid);
    else {
      const key = `${pod.uid}\n${container.id}`;
      if (first === pod.uid || seen.has(key)) continue;
      seen.set(key, pod.uid);
    }
    const row: ReportedContainer = {
      owner: pod.uid,
      container_id: container.id,
      name: container.name,
      workload: workloads.get(pod.uid) ?? '',
      image_tag: container.image_tag.trim(),
      image_digest: digestIn(container.image_digest),
    };
    contexts.get(pod.namespace_uid)?.containers.push(row);
  }
  for (const context of contexts.values()) finish(context);
  return {
    inventory_type: 'kubernetes',
    cluster,
    timestamp: new Date(report.timestamp),
    nodes: [...nodes.values()].map(readNode),
    contexts: [...contexts.values()],
  };
}

function emptyContext(cluster: string, namespace: KubernetesInventoryNamespace): ReportedContext {
  if (namespace.name.trim() === '') throw badRequest(`namespace ${namespace.uid} has an empty name`);
  return {
    source: 'agent',
    uid: namespace.uid,
    name: namespace.name,
    context: contextName(cluster, namespace.name),
    labels: orderedJson(namespace.labels),
    annotations: orderedJson(namespace.annotations),
    pods: [],
    services: [],
    tasks: [],
    containers: [],
    images: [],
    hash: '',
  };
}

/** Derives the images and the hash of a context that is complete. */
export function finish(context: ReportedContext): void {
  context.images = imagesOf(context.containers);
  context.hash = hashOf(
    context.name,
    context.labels,
    context.annotations,
    hashOfSet(context.pods.map((pod) => `${pod.uid} ${pod.hash}`)),
    hashOfSet(context.services.map((service) => `${service.arn} ${service.hash}`)),
    hashOfSet(context.tasks.map((task) => `${task.arn} ${task.hash}`)),
    hashOfSet(
      context.containers.map(
        (c) => `${c.owner}\t${c.container_id}\t${c.name}\t${c.workload}\t${c.image_tag}\t${c.image_digest}`,
      ),
    ),
  );
}

function readPod(pod: KubernetesInventoryPod): ReportedPod {
  const labels = orderedJson(pod.labels);
  const annotations = orderedJson(pod.annotations);
  const node_uid = pod.node_uid || null;
  return {
    uid: pod.uid,
    name: pod.name,
    node_uid,
    labels,
    annotations,
    hash: hashOf(pod.name, node_uid, labels, annotations),
  };
}

function readNode({ uid, name, arch, labels, annotations, ...details }: KubernetesInventoryNode): ReportedNode {
  const texts = [orderedJson(labels), orderedJson(annotations), orderedJson(textsOf(details))] as const;
  return {
    uid,
    name,
    arch: arch || null,
    labels: texts[0],
    annotations: texts[1],
    details: texts[2],
    hash: hashOf(name, arch ?? null, ...texts),
  };
}

function textsOf(details: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function unique<T>(rows: readonly T[], key: (row: T) => string): Map<string, T> {
  const map = new Map<string, T>();
  for (const row of rows) if (!map.has(key(row))) map.set(key(row), row);
  return map;
}

function dangling(kind: string, id: string, field: string, target: string) {
  return badRequest(`${kind} ${id} refers to ${field} ${target}, which is not in the report`);
}
