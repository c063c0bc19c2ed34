import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `InventoryCluster`: how to reach its API server. */
export const InventoryClusterConfig = z
  .object({
    /** Absolute https address. */
    cluster_server: z.string(),
    /** Authority of the server's certificate: base64 of PEM. */
    cluster_certificate: z.string(),
    credential_type: z.enum(['private_key', 'token']),
    /** A token, or the base64 of a PEM private key. Answers show a mask. */
    credential: z.string(),
    /** Base64 of PEM; belongs to a private key. */
    client_certificate: z.string().nullish(),
    /** None, or `all` among them: every namespace. */
    namespaces: z.array(z.string()).nullish(),
  })
  .meta({ id: 'InventoryClusterConfig' });
export type InventoryClusterConfig = z.output<typeof InventoryClusterConfig>;

/** Body of `add_inventory_cluster`. */
export const InventoryClusterRequest = z
  .object({
    cluster_name: z.string(),
    inventory_type: z.enum(['kubernetes']).default('kubernetes'),
    cluster_config: InventoryClusterConfig,
  })
  .meta({ id: 'InventoryClusterRequest' });
export type InventoryClusterRequest = z.output<typeof InventoryClusterRequest>;

/** A cluster whose inventory the server reads. */
export const InventoryCluster = z
  .object({
    cluster_name: z.string(),
    inventory_type: z.enum(['kubernetes']),
    cluster_config: InventoryClusterConfig,
    created_at: timestamp,
    last_updated: timestamp,
    /** `pending` before the first reading has ended. */
    status: z.enum(['pending', 'ok', 'failing']),
    last_poll_at: timestamp.optional(),
    next_poll_at: timestamp.optional(),
    last_success_at: timestamp.optional(),
    last_error_at: timestamp.optional(),
    /** Why the last reading failed; absent after a success. */
    last_error: z.string().optional(),
    /** Kind of that failure, such as `unauthorized`, `forbidden`, `tls`, `timeout`. */
    last_error_reason: z.string().optional(),
    /** What the last successful reading found. */
    namespaces_found: z.int().optional(),
    images_found: z.int().optional(),
  })
  .meta({ id: 'InventoryCluster' });
export type InventoryCluster = z.output<typeof InventoryCluster>;

/** Answer of `list_inventory_clusters`. */
export const InventoryClusters = z.array(InventoryCluster).meta({ id: 'InventoryClusters' });
export type InventoryClusters = z.output<typeof InventoryClusters>;

const byName = z.object({ cluster_name: z.string() });

/** Operations of clusters that the server reads itself. */
export const inventoryClustersOperations = {
  /** List configured clusters. */
  list_inventory_clusters: defineOperation({
    id: 'list_inventory_clusters',
    method: 'GET',
    path: '/inventories/clusters',
    tag: 'Inventories',
    summary: 'List configured clusters',
    permission: { action: 'listRuntimeInventories', domain: 'account' },
    query: z.object({ inventory_type: z.enum(['kubernetes']).optional() }),
    success: { status: 200, schema: InventoryClusters },
    errors: [400, 403, 500],
  }),
  /** Add a cluster whose inventory is read by the server. */
  add_inventory_cluster: defineOperation({
    id: 'add_inventory_cluster',
    method: 'POST',
    path: '/inventories/clusters',
    tag: 'Inventories',
    summary: 'Add a cluster whose inventory is read by the server',
    permission: { action: 'createRuntimeInventory', domain: 'account' },
    body: InventoryClusterRequest,
    success: { status: 200, schema: InventoryCluster },
    errors: [400, 403, 409, 500],
  }),
  /** Read a configured cluster. */
  get_inventory_cluster_by_name: defineOperation({
    id: 'get_inventory_cluster_by_name',
    method: 'GET',
    path: '/inventories/clusters/{cluster_name}',
    greedy: 'cluster_name',
    tag: 'Inventories',
    summary: 'Read a configured cluster',
    permission: { action: 'getRuntimeInventory', domain: 'account' },
    params: byName,
    success: { status: 200, schema: InventoryCluster },
    errors: [403, 404, 500],
  }),
  /** Stop reading a cluster; what was found stays until it expires. */
  del_inventory_cluster_by_name: defineOperation({
    id: 'del_inventory_cluster_by_name',
    method: 'DELETE',
    path: '/inventories/clusters/{cluster_name}',
    greedy: 'cluster_name',
    tag: 'Inventories',
    summary: 'Stop reading a cluster',
    permission: { action: 'deleteRuntimeInventory', domain: 'account' },
    params: byName,
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};
