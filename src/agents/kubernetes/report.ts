import type { KubernetesInventory } from '#contract/kubernetes.ts';
import { type MissingTag, namedImage } from './image-names.ts';
import type { NamespaceFacts, NodeFacts, ObjectFacts, PodFacts } from './objects.ts';
import { filtered, type MetadataFilter } from './selection.ts';
import type { ClusterSnapshot, Warn } from './snapshot.ts';

/** How a snapshot becomes a report. */
export interface ReportOptions {
  clusterName: string;
  missingTag: MissingTag;
  /** Put before names without a registry. */
  missingRegistry?: string;
  /** Leaves out the containers of pods that do not run; the pods stay. */
  ignoreNotRunning: boolean;
  ignoreEmpty: boolean;
  metadata: MetadataFilter;
  limits: BatchLimits;
}

/** Bounds of one request; 0 is none. A namespace is never divided. */
export interface BatchLimits {
  namespaces: number;
  bytes: number;
}

/** Body of a report. The version is sent beside what the API describes. */
export type KubernetesReport = KubernetesInventory & { serverVersionMetadata?: Record<string, string> };

/** The API takes no other form of uid. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Section {
  namespace: NonNullable<KubernetesInventory['namespaces']>[number];
  pods: NonNullable<KubernetesInventory['pods']>;
  containers: NonNullable<KubernetesInventory['containers']>;
  nodes: Set<string>;
  bytes: number;
}

/**
 * Reports on the given namespaces of a snapshot: one, or several with the same timestamp when a limit divides them.
 * References are whole: a pod's namespace and node are in the same report. `complete` adds nodes that run nothing.
 */
export function kubernetesReports(
  snapshot: ClusterSnapshot,
  namespaces: readonly NamespaceFacts[],
  options: ReportOptions,
  about: { timestamp: string; complete: boolean; warn: Warn },
): KubernetesReport[] {
  const nodes = new Map(snapshot.nodes.filter((node) => UUID.test(node.uid)).map((node) => [node.name, node]));
  const pods = Map.groupBy(snapshot.pods, (pod) => pod.namespace);
  const sections = namespaces
    .filter((namespace) => valid(namespace, about.warn))
    .filter((namespace) => !options.ignoreEmpty || (pods.get(namespace.name)?.length ?? 0) > 0)
    .map((namespace) => section(namespace, pods.get(namespace.name) ?? [], nodes, options, about.warn));
  const batches = divide(sections, options.limits);
  return batches.map((batch) => {
    const used = new Set(batch.flatMap((one) => [...one.nodes]));
    const all = about.complete && batches.length === 1;
    return {
      cluster_name: options.clusterName,
      timestamp: about.timestamp,
      namespaces: batch.map((one) => one.namespace),
      nodes: [...nodes.values()]
        .filter((node) => all || used.has(node.uid))
        .map((node) => nodeEntry(node, options.metadata)),
      pods: batch.flatMap((one) => one.pods),
      containers: batch.flatMap((one) => one.containers),
      ...(Object.keys(snapshot.version).length > 0 ? { serverVersionMetadata: snapshot.version } : {}),
    };
  });
}

function valid({ uid, name }: ObjectFacts, warn: Warn): boolean {
  if (UUID.test(uid)) return true;
  warn(`${name} has no uid that can be reported and is left out`);
  return false;
}

function section(
  namespace: NamespaceFacts,
  pods: readonly PodFacts[],
  nodes: ReadonlyMap<string, NodeFacts>,
  options: ReportOptions,
  warn: Warn,
): Section {
  const result: Section = {
    namespace: { uid: namespace.uid, name: namespace.name, ...metadata(namespace, options.metadata) },
    pods: [],
    containers: [],
    nodes: new Set(),
    bytes: 0,
  };
  for (const pod of pods) {
    if (!valid(pod, warn)) continue;
    const node = nodes.get(pod.nodeName);
    if (node) result.nodes.add(node.uid);
    result.pods.push({
      uid: pod.uid,
      name: pod.name,
      namespace_uid: namespace.uid,
      ...(node ? { node_uid: node.uid } : {}),
      ...metadata(pod, options.metadata),
    });
    if (!options.ignoreNotRunning || pod.phase === 'Running') result.containers.push(...containers(pod, options));
  }
  if (options.limits.bytes > 0) {
    result.bytes = Buffer.byteLength(JSON.stringify([result.namespace, result.pods, result.containers]));
  }
  return result;
}

function containers(pod: PodFacts, { missingTag, missingRegistry }: ReportOptions): Section['containers'] {
  return pod.containers.flatMap((container) => {
    // before it was made, a container has no id by which it could be told from others
    const image = container.id ? namedImage(container, missingTag, missingRegistry) : undefined;
    if (!image) return [];
    return [
      { id: container.id, name: container.name, image_tag: image.tag, image_digest: image.digest, pod_uid: pod.uid },
    ];
  });
}

function metadata(object: ObjectFacts, filter: MetadataFilter) {
  return {
    labels: filtered(object.labels, filter.labels),
    annotations: filtered(object.annotations, filter.annotations),
  };
}

function nodeEntry(node: NodeFacts, filter: MetadataFilter) {
  return {
    uid: node.uid,
    name: node.name,
    ...metadata(node, filter),
    arch: node.architecture,
    container_runtime_version: node.containerRuntimeVersion,
    kernel_version: node.kernelVersion,
    kubelet_version: node.kubeletVersion,
    kube_proxy_version: node.kubeProxyVersion,
    operating_system: node.operatingSystem,
  };
}

/** Groups in the given order; a namespace beyond the limit of bytes is a group of its own. */
function divide(sections: Section[], limits: BatchLimits): Section[][] {
  const batches: Section[][] = [];
  let current: Section[] = [];
  let bytes = 0;
  for (const one of sections) {
    const full =
      (limits.namespaces > 0 && current.length >= limits.namespaces) ||
      (limits.bytes > 0 && current.length > 0 && bytes + one.bytes > limits.bytes);
    if (full) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(one);
    bytes += one.bytes;
  }
  if (current.length > 0) batches.push(current);
  return batches;
}
