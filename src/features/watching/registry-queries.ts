import { createHash } from 'node:crypto';
import {
  createRegistryClient,
  pullReference,
  type RegistryClient,
  RegistryError,
  type TagList,
} from '#engine/image/index.ts';
import type { Digest } from '#engine/model/digest.ts';
import type { RegistryCredentials } from '#features/registries/index.ts';
import type { Fetcher } from '#shared/fetcher.ts';

/** A name in a registry and how to log in there. */
export interface Query {
  account: string;
  registry: string;
  repository: string;
  credentials: RegistryCredentials | undefined;
  signal: AbortSignal;
}

/** The small questions of the watchers. Both throw `RegistryError`. */
export interface RegistryQueries {
  /** Digest of the manifest or index that a tag stands for; undefined when the registry has no such tag. */
  digestOf(query: Query & { tag: string; known: string | null }): Promise<string | undefined>;
  /** Tags of a repository; undefined when they are those of the entity tag `known`. */
  tagsOf(query: Query & { known: string | null }): Promise<TagList | undefined>;
}

/** A registry that says nothing for so long is unreachable, milliseconds. */
const TIMEOUT_MS = 20_000;
/** Listing takes several requests. */
const LIST_TIMEOUT_MS = 120_000;
/** Clients that keep their tokens. */
const CLIENTS = 500;

/** Asks registries over the guarded way out. Clients are kept, with their tokens and what is known of the registry. */
export function createRegistryQueries({
  fetcher,
  timeoutMs = TIMEOUT_MS,
}: {
  fetcher: Fetcher;
  timeoutMs?: number;
}): RegistryQueries {
  const clients = new Map<string, RegistryClient>();

  function clientFor({ account, registry, repository, credentials }: Query) {
    const pull = pullReference({ registry, repository });
    const secret = createHash('sha256')
      .update(JSON.stringify(credentials ?? null))
      .digest('base64');
    const key = JSON.stringify([account, pull.host, secret]);
    let client = clients.get(key);
    // Moved to the end: the first is the one that was not used for longest.
    if (client) clients.delete(key);
    else {
      client = createRegistryClient({
        fetcher,
        host: pull.host,
        concurrency: 16,
        // The watchers have back-off of their own.
        retries: 0,
        stallTimeoutMs: timeoutMs,
        ...(credentials?.username
          ? { credentials: { username: credentials.username, password: credentials.password } }
          : {}),
        ...(credentials && !credentials.verify ? { insecure: true } : {}),
      });
    }
    clients.set(key, client);
    if (clients.size > CLIENTS) clients.delete(clients.keys().next().value as string);
    return { client, repository: pull.repository };
  }

  return {
    async digestOf({ tag, known, ...query }) {
      const { client, repository } = clientFor(query);
      const former = known === null ? undefined : (known as Digest);
      const head = await within(timeoutMs, query, (signal) => client.head(repository, tag, signal, former));
      return head?.digest;
    },
    async tagsOf({ known, ...query }) {
      const { client, repository } = clientFor(query);
      return within(LIST_TIMEOUT_MS, query, (signal) => client.tagList(repository, known ?? undefined, signal));
    },
  };
}

async function within<T>(
  ms: number,
  { registry, signal }: Query,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(ms);
  const expired = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () =>
      reject(new RegistryError('unreachable', `${registry} does not answer within ${ms / 1000} seconds.`)),
    );
  });
  try {
    // The log-in of a client is shared by its requests and cannot be ended by one of them: the race ends the wait for it.
    return await Promise.race([ask(AbortSignal.any([signal, limit])), expired]);
  } catch (error) {
    if (signal.aborted || error instanceof RegistryError) throw error;
    if (limit.aborted) return expired;
    throw error;
  }
}
