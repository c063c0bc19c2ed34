import { z } from 'zod';
import {
  createKubernetesClient,
  DEFAULT_LIMITS,
  KubernetesError,
  type KubernetesLimits,
  type NamespaceImages,
  readRunningImages,
} from '#agents/kubernetes/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import type { Fetcher } from '#shared/fetcher.ts';
import { type ClusterAccess, clusterConnections, credentialPurpose } from './connection.ts';
import { type ClusterRow, findClusterById, recordFailure, recordSuccess } from './store.ts';

export const POLL_JOB = 'cluster-poll';

const PollPayload = z.object({ account: z.string(), cluster: z.string() });
export type PollPayload = z.output<typeof PollPayload>;

/** A report in the form of the first agents: images by namespace. */
export interface ImageReport {
  cluster_name: string;
  inventory_type: 'kubernetes';
  /** RFC 3339. */
  timestamp: string;
  results: { namespace: string; images: { tag: string; repoDigest?: string }[] }[];
}

export interface PollDependencies {
  database: Database;
  /** The guarded way out: addresses that must not be reached are refused there. */
  fetcher: Fetcher;
  decrypt(envelope: string, purpose: string): string;
  ingest(account: string, report: ImageReport): Promise<unknown>;
  limits?: KubernetesLimits;
}

/** A poll of all pages ends after this long, whatever the server does. */
const POLL_MS = 15 * 60_000;
/** The same failure raises an event no more often. */
const EVENT_PAUSE_MS = 60 * 60_000;
const MAX_ERROR = 1000;

/** Job: reads what runs in a configured cluster and takes it in as a report. A failure leaves the inventory as it was. */
export function pollJob(deps: PollDependencies): JobDefinition<PollPayload> {
  return {
    kind: POLL_JOB,
    payload: PollPayload,
    concurrency: 4,
    leaseSeconds: 120,
    // the next poll is the retry
    retries: 0,
    async run({ account, cluster }, job) {
      const row = await findClusterById(deps.database.db, account, cluster);
      if (!row) return;
      try {
        const timestamp = new Date().toISOString();
        const results = await read(deps, row, job);
        // deleted meanwhile: nobody wants this report any more
        if (!(await findClusterById(deps.database.db, account, cluster))) return;
        await deps.ingest(account, report(row.cluster_name, timestamp, results));
        await succeeded(deps.database, row, results);
      } catch (error) {
        if (job.signal.aborted) throw error;
        await failed(deps.database, row, error);
      }
    },
  };
}

async function read(deps: PollDependencies, row: ClusterRow, job: JobContext): Promise<NamespaceImages[]> {
  const credential = decrypted(deps, row);
  const signal = AbortSignal.any([job.signal, AbortSignal.timeout(POLL_MS)]);
  const connections = clusterConnections({ ...(row as ClusterAccess), credential });
  for (const [index, connection] of connections.entries()) {
    const client = createKubernetesClient(deps.fetcher, connection, deps.limits ?? DEFAULT_LIMITS);
    try {
      return await readRunningImages(client, row.namespaces as string[], {
        signal,
        onPart: () => job.progress({ cluster: row.cluster_name }),
      });
    } catch (error) {
      const refused = error instanceof KubernetesError && error.reason === 'unauthorized';
      if (!refused || index === connections.length - 1) throw error;
    }
  }
  throw new KubernetesError('unauthorized', 'the stored credential cannot be used');
}

function decrypted({ decrypt }: PollDependencies, row: ClusterRow): string {
  try {
    return decrypt(row.credential, credentialPurpose(row.account, row.cluster_name));
  } catch (error) {
    throw new KubernetesError(
      'unauthorized',
      'the stored credential cannot be decrypted: the master key changed',
      error,
    );
  }
}

function report(clusterName: string, timestamp: string, results: NamespaceImages[]): ImageReport {
  return {
    cluster_name: clusterName,
    inventory_type: 'kubernetes',
    timestamp,
    results: results.map(({ namespace, images }) => ({
      namespace,
      images: images.map(({ tag, digest }) => ({ tag, ...(digest ? { repoDigest: digest } : {}) })),
    })),
  };
}

async function succeeded(database: Database, row: ClusterRow, results: NamespaceImages[]): Promise<void> {
  const found = { namespaces: results.length, images: results.reduce((sum, one) => sum + one.images.length, 0) };
  await database.transaction(async (tx) => {
    await recordSuccess(tx, row.account, row.cluster_id, found);
    if (row.last_error === null) return;
    await appendEvent(tx, {
      name: 'inventory_cluster_recovered',
      account: row.account,
      resource_id: row.cluster_name,
      details: { cluster_name: row.cluster_name, ...found },
    });
  });
}

async function failed(database: Database, row: ClusterRow, error: unknown): Promise<void> {
  const reason = error instanceof KubernetesError ? error.reason : 'internal';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR);
  await database.transaction(async (tx) => {
    // read again: another process may have raised the event meanwhile
    const now = await findClusterById(tx, row.account, row.cluster_id);
    if (!now) return;
    const event = now.last_event_reason !== reason || Date.now() - (now.last_event_at?.getTime() ?? 0) > EVENT_PAUSE_MS;
    await recordFailure(tx, row.account, row.cluster_id, { reason, message, event });
    if (!event) return;
    await appendEvent(tx, {
      name: 'inventory_cluster_failed',
      account: row.account,
      resource_id: row.cluster_name,
      details: { cluster_name: row.cluster_name, reason, error: message },
    });
  });
}
