import { v1Operation } from './operation.ts';

/** Clusters whose inventory the server reads itself. */
export const v1InventoryClusterOperations = {
  list_inventory_clusters: v1Operation('list_inventory_clusters', { path: '/enterprise/inventories/clusters' }),
  add_inventory_cluster: v1Operation('add_inventory_cluster', { path: '/enterprise/inventories/clusters' }),
  get_inventory_cluster_by_name: v1Operation('get_inventory_cluster_by_name', {
    path: '/enterprise/inventories/clusters/{cluster_name}',
  }),
  del_inventory_cluster_by_name: v1Operation('del_inventory_cluster_by_name', {
    path: '/enterprise/inventories/clusters/{cluster_name}',
  }),
};
