import { inventoryClustersOperations } from '#contract/inventory-clusters.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { ClusterService } from './service.ts';

/** Handlers of the operations on configured clusters. */
export function clusterRoutes(clusters: ClusterService) {
  return bindOperations(inventoryClustersOperations, {
    list_inventory_clusters: ({ account, query }) => clusters.list(account, query.inventory_type),
    add_inventory_cluster: ({ account, body }) => clusters.add(account, body),
    get_inventory_cluster_by_name: ({ account, params }) => clusters.get(account, params.cluster_name),
    del_inventory_cluster_by_name: ({ account, params }) => clusters.remove(account, params.cluster_name),
  });
}
