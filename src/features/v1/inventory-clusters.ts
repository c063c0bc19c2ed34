import { v1InventoryClusterOperations } from '#contract/v1/inventory-clusters.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of clusters that the server reads: both generations speak of them alike. */
export function v1InventoryClusterRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1InventoryClusterOperations,
    {
      list_inventory_clusters: same,
      add_inventory_cluster: same,
      get_inventory_cluster_by_name: same,
      del_inventory_cluster_by_name: same,
    },
    v2,
  );
}
