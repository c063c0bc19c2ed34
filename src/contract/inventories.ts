import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Largest report in bytes: agents send the metadata of every object with it. Larger clusters report in batches. */
export const LARGEST_REPORT = 48 * 1024 * 1024;

/** Part of `InventoryItems`. */
export const InventoryItem = z
  .object({
    inventory_type: z.string().optional(),
    context: z.string().optional(),
    image_tag: z.string().optional(),
    image_digest: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    last_seen: timestamp.optional(),
  })
  .meta({ id: 'InventoryItem' });
export type InventoryItem = z.output<typeof InventoryItem>;

/** Answer of `get_image_inventory`. */
export const InventoryItems = z
  .object({
    items: z.array(InventoryItem).optional(),
  })
  .meta({ id: 'InventoryItems' });
export type InventoryItems = z.output<typeof InventoryItems>;

/** Operations of inventories. */
export const inventoriesOperations = {
  /** Read image inventory. */
  get_image_inventory: defineOperation({
    id: 'get_image_inventory',
    method: 'GET',
    path: '/inventories',
    tag: 'Inventories',
    summary: 'Read image inventory',
    permission: { action: 'listRuntimeInventories', domain: 'account' },
    query: z.object({
      inventory_type: z.enum(['ecs', 'kubernetes']).optional(),
      image_digest: z.string().optional(),
      context: z.string().optional(),
    }),
    success: { status: 200, schema: InventoryItems },
    errors: [400, 403, 500],
  }),
  /** Delete inventory. */
  delete_inventory: defineOperation({
    id: 'delete_inventory',
    method: 'DELETE',
    path: '/inventories',
    tag: 'Inventories',
    summary: 'Delete inventory',
    permission: { action: 'deleteInventory', domain: 'account' },
    query: z.object({
      inventory_type: z.enum(['ecs', 'kubernetes']),
      context: z.string(),
      image_digest: z.string().optional(),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
};
