import type { KubernetesClient } from './client.ts';
import { KubernetesError } from './errors.ts';
import { type NamedImage, runningImage } from './image-names.ts';
import { type PodFacts, readNamespace, readPod } from './objects.ts';

/** Images of one namespace, each once, in a stable order. */
export interface NamespaceImages {
  namespace: string;
  images: NamedImage[];
}

const ENDED = new Set(['Succeeded', 'Failed']);

/** Images of the pods that have not ended, init containers included, by namespace. */
export function imagesByNamespace(namespaces: Iterable<string>, pods: readonly PodFacts[]): NamespaceImages[] {
  const found = new Map<string, Map<string, NamedImage>>([...namespaces].map((name) => [name, new Map()]));
  for (const { namespace, phase, containers } of pods) {
    const images = found.get(namespace);
    if (!images || ENDED.has(phase)) continue;
    for (const container of containers) {
      const image = runningImage(container);
      if (image) images.set(`${image.tag}@${image.digest}`, image);
    }
  }
  return [...found].map(([namespace, images]) => ({ namespace, images: withoutShadows([...images.values()]) }));
}

/** A container that was not pulled yet has no digest: it adds nothing when another one of the same tag has. */
function withoutShadows(images: NamedImage[]): NamedImage[] {
  const known = new Set(images.filter((one) => one.digest).map((one) => one.tag));
  return images
    .filter((one) => one.digest || !known.has(one.tag))
    .sort((a, b) => compare(a.tag, b.tag) || compare(a.digest, b.digest));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Reads what runs now. No namespaces, or one called `all`, means every namespace that exists at this moment; named ones
 * are read one by one, which a right on the namespace alone permits, and a missing one has no images.
 */
export async function readRunningImages(
  client: KubernetesClient,
  wanted: readonly string[],
  options: { signal?: AbortSignal; onPart?: () => Promise<void> } = {},
): Promise<NamespaceImages[]> {
  if (wanted.length > 0 && !wanted.includes('all')) {
    const names = [...new Set(wanted)];
    const pods: PodFacts[] = [];
    for (const name of names) {
      pods.push(...(await podsOf(client, name, options.signal)));
      await options.onPart?.();
    }
    return imagesByNamespace(names, pods);
  }
  const namespaces = await client.list('/api/v1/namespaces', readNamespace, options.signal).catch(explain);
  await options.onPart?.();
  const pods = await client.list('/api/v1/pods', readPod, options.signal).catch(explain);
  // a namespace made between the two lists counts as well
  const names = new Set([...namespaces.items.map((one) => one.name), ...pods.items.map((one) => one.namespace)]);
  return imagesByNamespace(names, pods.items);
}

async function podsOf(client: KubernetesClient, namespace: string, signal?: AbortSignal): Promise<PodFacts[]> {
  try {
    return (await client.list(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, readPod, signal)).items;
  } catch (error) {
    if (error instanceof KubernetesError && error.reason === 'not_found') return [];
    throw error;
  }
}

function explain(error: unknown): never {
  if (error instanceof KubernetesError && error.reason === 'forbidden') {
    throw new KubernetesError(
      'forbidden',
      `the credentials may not list namespaces and pods of the whole cluster; grant that, or name the namespaces (${error.message})`,
      error,
    );
  }
  throw error;
}
