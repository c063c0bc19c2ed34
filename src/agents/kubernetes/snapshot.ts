import type { KubernetesClient } from './client.ts';
import { KubernetesError } from './errors.ts';
import { type NamespaceFacts, type NodeFacts, type PodFacts, readNamespace, readNode, readPod } from './objects.ts';
import { type NamespaceSelection, selects } from './selection.ts';

/** What a cluster holds at a moment. Namespaces that the settings leave out are not in it, nor are their pods. */
export interface ClusterSnapshot {
  namespaces: NamespaceFacts[];
  /** Empty when they may not be listed. */
  nodes: NodeFacts[];
  pods: PodFacts[];
  /** `/version` of the API server. */
  version: Record<string, string>;
}

/** Told about what could not be read and is left out. */
export type Warn = (message: string) => void;

/** Reads all of it once. With a list of namespaces only these are asked for, which rights on them alone permit. */
export async function takeSnapshot(
  client: KubernetesClient,
  selection: NamespaceSelection,
  warn: Warn,
  signal?: AbortSignal,
): Promise<ClusterSnapshot> {
  const namespaces = await readNamespaces(client, selection, warn, signal);
  const nodes = await readNodes(client, warn, signal);
  const pods = await readPods(client, selection, signal);
  const names = new Set(namespaces.map((one) => one.name));
  return {
    namespaces,
    nodes,
    pods: pods.filter((one) => names.has(one.namespace)),
    version: await readVersion(client, signal),
  };
}

/** Namespaces that exist and are selected. */
export async function readNamespaces(
  client: KubernetesClient,
  selection: NamespaceSelection,
  warn: Warn,
  signal?: AbortSignal,
): Promise<NamespaceFacts[]> {
  if (selection.include.length === 0) {
    const { items } = await client.list('/api/v1/namespaces', readNamespace, signal);
    return items.filter((one) => selects(selection, one.name));
  }
  const found: NamespaceFacts[] = [];
  for (const name of selection.include.filter((one) => selects(selection, one))) {
    const namespace = await optional(client.get(`/api/v1/namespaces/${encodeURIComponent(name)}`, signal));
    const facts = namespace === undefined ? undefined : readNamespace(namespace);
    if (facts) found.push(facts);
    else warn(`the namespace ${name} does not exist`);
  }
  return found;
}

/** All nodes; none when listing them is forbidden, as it is for rights on single namespaces. */
export async function readNodes(client: KubernetesClient, warn: Warn, signal?: AbortSignal): Promise<NodeFacts[]> {
  try {
    return (await client.list('/api/v1/nodes', readNode, signal)).items;
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.reason !== 'forbidden') throw error;
    warn('nodes may not be listed; pods are reported without them');
    return [];
  }
}

async function readPods(
  client: KubernetesClient,
  selection: NamespaceSelection,
  signal?: AbortSignal,
): Promise<PodFacts[]> {
  const pods: PodFacts[] = [];
  for (const path of podPaths(selection))
    pods.push(...((await optional(client.list(path, readPod, signal)))?.items ?? []));
  return pods;
}

/** Collections in which the selected pods lie. */
export function podPaths(selection: NamespaceSelection): string[] {
  if (selection.include.length === 0) return ['/api/v1/pods'];
  return selection.include
    .filter((name) => selects(selection, name))
    .map((name) => `/api/v1/namespaces/${encodeURIComponent(name)}/pods`);
}

/** Texts of `/version`; empty when it may not be read. */
export async function readVersion(client: KubernetesClient, signal?: AbortSignal): Promise<Record<string, string>> {
  const version = await client.get('/version', signal).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    return {};
  });
  return Object.fromEntries(
    Object.entries((version ?? {}) as object).filter((one): one is [string, string] => typeof one[1] === 'string'),
  );
}

async function optional<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubernetesError && error.reason === 'not_found') return undefined;
    throw error;
  }
}
