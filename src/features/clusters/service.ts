import type { InventoryCluster, InventoryClusterRequest } from '#contract/inventory-clusters.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { clusterValues } from './cluster-config.ts';
import { credentialPurpose } from './connection.ts';
import { POLL_JOB, type PollPayload } from './poll-job.ts';
import { type ClusterRow, deleteCluster, findCluster, insertCluster, listClusters } from './store.ts';

const MASK = '******';

export interface ClusterServiceDependencies {
  database: Database;
  jobs: Jobs;
  /** `purpose` binds the ciphertext to its place. */
  encrypt(secret: string, purpose: string): string;
  /** Seconds between polls; 0: none but the first. */
  interval(): number;
}

export type ClusterService = ReturnType<typeof createClusterService>;

/** Clusters that the server reads itself. */
export function createClusterService({ database, jobs, encrypt, interval }: ClusterServiceDependencies) {
  const { db } = database;
  return {
    async list(account: string, inventoryType?: string): Promise<InventoryCluster[]> {
      return (await listClusters(db, account, inventoryType)).map(clusterView);
    },

    async get(account: string, name: string): Promise<InventoryCluster> {
      const row = await findCluster(db, account, name);
      if (!row) throw notFound(`inventory cluster not found: ${name}`);
      return clusterView(row);
    },

    /** Stores the cluster and queues its first poll in one transaction. */
    async add(account: string, request: InventoryClusterRequest): Promise<InventoryCluster> {
      const values = clusterValues(request);
      const credential = encrypt(values.credential, credentialPurpose(account, values.cluster_name));
      return database.transaction(async (tx) => {
        const row = await insertCluster(tx, account, { ...values, credential }, interval() || 300);
        if (!row) throw conflict(`inventory cluster already exists: ${values.cluster_name}`);
        await jobs.send<PollPayload>(tx, POLL_JOB, { account, cluster: row.cluster_id }, { key: row.cluster_id });
        return clusterView(row);
      });
    },

    async remove(account: string, name: string): Promise<void> {
      if (!(await deleteCluster(db, account, name))) throw notFound(`inventory cluster not found: ${name}`);
    },
  };
}

function clusterView(row: ClusterRow): InventoryCluster {
  return {
    cluster_name: row.cluster_name,
    inventory_type: row.inventory_type as 'kubernetes',
    cluster_config: {
      cluster_server: row.cluster_server,
      cluster_certificate: row.cluster_certificate,
      credential_type: row.credential_type as 'token' | 'private_key',
      credential: MASK,
      ...(row.client_certificate === null ? {} : { client_certificate: row.client_certificate }),
      namespaces: row.namespaces as string[],
    },
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    status: row.last_poll_at === null ? 'pending' : row.last_error === null ? 'ok' : 'failing',
    ...present({
      last_poll_at: row.last_poll_at?.toISOString(),
      next_poll_at: row.next_poll_at.toISOString(),
      last_success_at: row.last_success_at?.toISOString(),
      last_error_at: row.last_error_at?.toISOString(),
      last_error: row.last_error,
      last_error_reason: row.last_error_reason,
      namespaces_found: row.last_namespaces,
      images_found: row.last_images,
    }),
  };
}
