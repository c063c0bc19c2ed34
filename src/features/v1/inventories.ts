import { type InventoryReport, v1InventoryOperations } from '#contract/v1/inventories.ts';
import { type InventoryService, imagesAsArray } from '#features/inventory/index.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same } from './bind.ts';
import { secondGeneration } from './second-generation.ts';

/** Routes of the runtime inventory: lists are bare arrays, and the first agents report lists of images. */
export function v1InventoryRoutes(bound: readonly BoundOperation[], inventory: InventoryService): BoundOperation[] {
  return bindV1(
    v1InventoryOperations,
    {
      get_image_inventory: async ({ account, query }) =>
        rawAnswer(imagesAsArray(inventory, account, query), { contentType: 'application/json' }),
      async sync_image_inventory({ account, body }) {
        const { contexts } = await inventory.ingestKaiReport(account, body as InventoryReport);
        return rawAnswer(imagesAsArray(inventory, account, { inventory_type: 'kubernetes' }, new Set(contexts)), {
          contentType: 'application/json',
        });
      },
      post_kubernetes_inventory: same,
      post_ecs_inventory: same,
    },
    secondGeneration(bound),
  );
}
