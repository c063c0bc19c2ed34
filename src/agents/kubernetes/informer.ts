import { backoff, pause } from '../delivery/backoff.ts';
import type { KubernetesClient } from './client.ts';
import { KubernetesError } from './errors.ts';
import type { ObjectFacts } from './objects.ts';

/** A collection kept current by a list and a watch. */
export interface Informer<T> {
  /** Settles when the first list is there, and rejects when it cannot be read. */
  ready: Promise<void>;
  items(): T[];
  /** Ends when aborted. Never throws. */
  done: Promise<void>;
}

export interface InformerOptions<T> {
  client: KubernetesClient;
  path: string;
  keep: (object: unknown) => T | undefined;
  /** Seconds of one watch; the server may end it earlier. */
  watchSeconds: number;
  /** The collection is listed anew this often, whatever the watch said. */
  relistMs: number;
  /** Called for what is new, changed or gone after the first list. */
  onChange(now: T | undefined, before: T | undefined): void;
  /** A failure after which the informer tries again. */
  onError(error: Error): void;
  signal: AbortSignal;
  /** Pauses of the retries, for tests. */
  firstPauseMs?: number;
}

/** Starts an informer. Whatever ends the watch, it goes on: from where it was, or with a new list when that is gone. */
export function startInformer<T extends ObjectFacts>(options: InformerOptions<T>): Informer<T> {
  const { client, path, keep, watchSeconds, relistMs, onChange, onError, signal } = options;
  let items = new Map<string, T>();
  let version: string | undefined;
  let listedAt = 0;
  const keyOf = (item: T) => item.uid || item.name;

  async function relist(first: boolean): Promise<void> {
    const list = await client.list(path, keep, signal);
    const next = new Map(list.items.map((item) => [keyOf(item), item]));
    const before = items;
    items = next;
    version = list.resourceVersion;
    listedAt = Date.now();
    if (first) return;
    for (const [key, item] of next) onChange(item, before.get(key));
    for (const [key, item] of before) if (!next.has(key)) onChange(undefined, item);
  }

  async function follow(): Promise<void> {
    for await (const event of client.watch(path, version, watchSeconds, signal)) {
      if (event.resourceVersion !== undefined) version = event.resourceVersion;
      const item = event.type === 'BOOKMARK' ? undefined : keep(event.object);
      if (!item) continue;
      const before = items.get(keyOf(item));
      if (event.type === 'DELETED') items.delete(keyOf(item));
      else items.set(keyOf(item), item);
      onChange(event.type === 'DELETED' ? undefined : item, before);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        if (version === undefined || Date.now() - listedAt > relistMs) await relist(false);
        await follow();
        failures = 0;
        // a server that ends watches at once must not be asked without end
        if (Date.now() - began < 1000) await pause(options.firstPauseMs ?? 1000, signal);
      } catch (error) {
        if (signal.aborted) return;
        const gone = error instanceof KubernetesError && error.reason === 'gone';
        if (gone || failures > 0) version = undefined;
        failures += 1;
        if (!gone || failures > 1) {
          onError(error as Error);
          await pause(backoff(failures, options.firstPauseMs ?? 1_000, 60_000), signal);
        }
      }
    }
  }

  const ready = relist(true);
  return { ready, items: () => [...items.values()], done: ready.then(run, () => undefined) };
}
