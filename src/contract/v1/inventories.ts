import { z } from 'zod';
import { timestamp } from '../fields.ts';
import { v1Operation } from './operation.ts';

/** An image as it runs in a namespace. Very old agents sent the tag alone. */
export const InventoryReportImage = z.union([
  z.string(),
  z.object({ tag: z.string().nullish(), repoDigest: z.string().nullish() }),
]);

/** Images that run in a namespace; an empty list says that none does. */
export const InventoryReportItem = z.object({
  namespace: z.string(),
  images: z.array(InventoryReportImage).nullish(),
});

/** What runs in a cluster, as lists of images by namespace: the report of the first inventory agents. */
export const InventoryReport = z.object({
  cluster_name: z.string().nullish(),
  inventory_type: z.enum(['kubernetes']).nullish(),
  timestamp: timestamp.nullish(),
  results: z.array(InventoryReportItem).nullish(),
});
export type InventoryReport = z.input<typeof InventoryReport>;

/** Runtime inventory. */
export const v1InventoryOperations = {
  get_image_inventory: v1Operation('get_image_inventory', { path: '/enterprise/inventories' }),
  sync_image_inventory: v1Operation('post_kubernetes_inventory', {
    id: 'sync_image_inventory',
    path: '/enterprise/inventories',
    body: InventoryReport,
    status: 200,
  }),
  post_kubernetes_inventory: v1Operation('post_kubernetes_inventory', { path: '/enterprise/kubernetes-inventory' }),
  post_ecs_inventory: v1Operation('post_ecs_inventory', { path: '/enterprise/ecs-inventory' }),
};
