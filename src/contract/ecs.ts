import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { LARGEST_REPORT } from './inventories.ts';
import { defineOperation } from './operation.ts';

/** Part of `ECSContainers`. */
export const ECSContainer = z
  .object({
    arn: z.string(),
    task_arn: z.string(),
    account_name: z.string(),
    context: z.string(),
    image_tag: z.string(),
    image_digest: z.string(),
  })
  .meta({ id: 'ECSContainer' });
export type ECSContainer = z.output<typeof ECSContainer>;

/** Answer of `get_ecs_containers`. */
export const ECSContainers = z
  .object({
    containers: z.array(ECSContainer).optional(),
  })
  .meta({ id: 'ECSContainers' });
export type ECSContainers = z.output<typeof ECSContainers>;

/** Part of `ECSInventory`. */
export const ECSInventoryTask = z
  .object({
    arn: z.string(),
    service_arn: z.string().nullish(),
    task_definition_arn: z.string().nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'ECSInventoryTask' });
export type ECSInventoryTask = z.output<typeof ECSInventoryTask>;

/** Part of `ECSInventory`. */
export const ECSInventoryContainer = z
  .object({
    arn: z.string(),
    task_arn: z.string().nullish(),
    image_tag: z.string(),
    image_digest: z.string().nullish(),
  })
  .meta({ id: 'ECSInventoryContainer' });
export type ECSInventoryContainer = z.output<typeof ECSInventoryContainer>;

/** Part of `ECSInventory`. */
export const ECSInventoryService = z
  .object({
    arn: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'ECSInventoryService' });
export type ECSInventoryService = z.output<typeof ECSInventoryService>;

/** Body of `post_ecs_inventory`. */
export const ECSInventory = z
  .object({
    cluster_arn: z.string(),
    timestamp: timestamp,
    tasks: z.array(ECSInventoryTask).nullish(),
    containers: z.array(ECSInventoryContainer).nullish(),
    services: z.array(ECSInventoryService).nullish(),
  })
  .meta({ id: 'ECSInventory' });
export type ECSInventory = z.output<typeof ECSInventory>;

/** Part of `ECSServices`. */
export const ECSService = z
  .object({
    arn: z.string(),
    cluster_arn: z.string(),
    tags: z.record(z.string(), z.string()),
    account_name: z.string(),
  })
  .meta({ id: 'ECSService' });
export type ECSService = z.output<typeof ECSService>;

/** Answer of `get_ecs_services`. */
export const ECSServices = z
  .object({
    services: z.array(ECSService).optional(),
  })
  .meta({ id: 'ECSServices' });
export type ECSServices = z.output<typeof ECSServices>;

/** Part of `ECSTasks`. */
export const ECSTask = z
  .object({
    arn: z.string(),
    cluster_arn: z.string(),
    service_arn: z.string(),
    task_definition_arn: z.string(),
    tags: z.record(z.string(), z.string()),
    account_name: z.string(),
  })
  .meta({ id: 'ECSTask' });
export type ECSTask = z.output<typeof ECSTask>;

/** Answer of `get_ecs_tasks`. */
export const ECSTasks = z
  .object({
    tasks: z.array(ECSTask).optional(),
  })
  .meta({ id: 'ECSTasks' });
export type ECSTasks = z.output<typeof ECSTasks>;

/** Operations of ecs. */
export const ecsOperations = {
  /** Read ecs containers. */
  get_ecs_containers: defineOperation({
    id: 'get_ecs_containers',
    method: 'GET',
    path: '/ecs-containers',
    tag: 'Inventories',
    summary: 'Read ecs containers',
    permission: { action: 'getECSContainers', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: ECSContainers },
    errors: [400, 403, 500],
  }),
  /** Post ecs inventory. */
  post_ecs_inventory: defineOperation({
    id: 'post_ecs_inventory',
    method: 'POST',
    path: '/ecs-inventory',
    tag: 'Inventories',
    summary: 'Post ecs inventory',
    permission: { action: 'syncInventory', domain: 'account' },
    body: ECSInventory,
    maxBodyBytes: LARGEST_REPORT,
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 413, 415, 500],
  }),
  /** Read ecs services. */
  get_ecs_services: defineOperation({
    id: 'get_ecs_services',
    method: 'GET',
    path: '/ecs-services',
    tag: 'Inventories',
    summary: 'Read ecs services',
    permission: { action: 'getECSServices', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: ECSServices },
    errors: [400, 403, 500],
  }),
  /** Read ecs tasks. */
  get_ecs_tasks: defineOperation({
    id: 'get_ecs_tasks',
    method: 'GET',
    path: '/ecs-tasks',
    tag: 'Inventories',
    summary: 'Read ecs tasks',
    permission: { action: 'getECSTasks', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: ECSTasks },
    errors: [400, 403, 500],
  }),
};
