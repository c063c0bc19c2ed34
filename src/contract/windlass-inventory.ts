import { z } from 'zod';
import { queryInteger, queryList, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { SeverityCounts } from './windlass.ts';

/** Whether an image that runs was analysed. `not_in_catalog`: nobody added it. */
export const RunningState = z
  .enum(['analyzed', 'analyzing', 'not_analyzed', 'analysis_failed', 'not_in_catalog'])
  .meta({ id: 'RunningState' });
export type RunningState = z.output<typeof RunningState>;

/** An image as it runs, under one tag and digest. */
export const RunningImage = z
  .object({
    inventory_type: z.enum(['kubernetes', 'ecs']),
    image_tag: z.string(),
    /** Empty when the runtime did not tell. */
    image_digest: z.string(),
    state: RunningState,
    /** Digest in the catalogue; absent for images that are not there. */
    catalog_digest: z.string().optional(),
    contexts: z.array(z.string()),
    containers: z.int(),
    first_seen: timestamp,
    last_seen: timestamp,
  })
  .meta({ id: 'RunningImage' });
export type RunningImage = z.output<typeof RunningImage>;

/** How much of what runs was analysed; `items` is a page of what was asked for. */
export const InventoryCoverage = z
  .object({
    images: z.int(),
    states: z.record(z.string(), z.int()),
    items: z.array(RunningImage),
    total_rows: z.int(),
  })
  .meta({ id: 'InventoryCoverage' });
export type InventoryCoverage = z.output<typeof InventoryCoverage>;

/** A part of the inventory: a cluster, a namespace or a workload. */
const group = {
  inventory_type: z.enum(['kubernetes', 'ecs']),
  cluster: z.string(),
  namespace: z.string().optional(),
  /** `kind/name`, e.g. `deployment/web`. */
  workload: z.string().optional(),
  images: z.int(),
  /** Images of which nothing is known: what follows does not count them. */
  images_not_analyzed: z.int(),
};

/** Vulnerabilities of a part of the inventory, each counted once however many of its images have it. */
export const RunningVulnerabilities = z
  .object({ ...group, vulnerabilities: SeverityCounts })
  .meta({ id: 'RunningVulnerabilities' });
export type RunningVulnerabilities = z.output<typeof RunningVulnerabilities>;

/** Verdicts of the active policy on the images of a part of the inventory. */
export const RunningEvaluations = z
  .object({ ...group, passed: z.int(), failed: z.int(), not_evaluated: z.int() })
  .meta({ id: 'RunningEvaluations' });
export type RunningEvaluations = z.output<typeof RunningEvaluations>;

/** A place where an image runs. */
export const RunningPlace = z
  .object({
    inventory_type: z.enum(['kubernetes', 'ecs']),
    cluster: z.string(),
    namespace: z.string().optional(),
    context: z.string(),
    workload: z.string().optional(),
    image_tag: z.string(),
    image_digest: z.string(),
    /** How the image was recognised. */
    matched_by: z.enum(['digest', 'parent_digest', 'tag']),
    /** Containers that run it; 0 where only images were reported. */
    containers: z.int(),
    pods: z.int(),
    first_seen: timestamp,
    last_seen: timestamp,
  })
  .meta({ id: 'RunningPlace' });
export type RunningPlace = z.output<typeof RunningPlace>;

const scope = {
  /** Name of a Kubernetes cluster, ARN of an ECS cluster. */
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /** `kind/name`. */
  workload: z.string().optional(),
  page: queryInteger({ min: 1 }).default(1),
  limit: queryInteger({ min: 1, max: 1000 }).default(100),
};
const grouping = { ...scope, group_by: z.enum(['cluster', 'namespace', 'workload']).default('namespace') };

/** Operations of our own on what runs where. */
export const windlassInventoryOperations = {
  /** Tell how much of what runs was analysed. */
  get_inventory_coverage: defineOperation({
    id: 'get_inventory_coverage',
    method: 'GET',
    path: '/windlass/inventory/coverage',
    tag: 'Windlass',
    summary: 'Tell how much of what runs was analysed',
    permission: { action: 'listRuntimeInventories', domain: 'account' },
    query: z.object({
      ...scope,
      /** States of the images to list; default: all that were not analysed. */
      state: queryList(RunningState).default(['not_in_catalog', 'not_analyzed', 'analyzing', 'analysis_failed']),
    }),
    success: { status: 200, schema: InventoryCoverage },
    errors: [400, 403, 500],
  }),
  /** Count vulnerabilities of what runs. */
  list_running_vulnerabilities: defineOperation({
    id: 'list_running_vulnerabilities',
    method: 'GET',
    path: '/windlass/inventory/vulnerabilities',
    tag: 'Windlass',
    summary: 'Count vulnerabilities of what runs, by cluster, namespace or workload',
    permission: { action: 'getImage', domain: 'account' },
    query: z.object({
      ...grouping,
      /** Count this vulnerability alone: where does it run? */
      vulnerability_id: z.string().optional(),
    }),
    success: { status: 200, schema: z.object({ items: z.array(RunningVulnerabilities), total_rows: z.int() }) },
    errors: [400, 403, 500],
  }),
  /** Count verdicts on what runs. */
  list_running_evaluations: defineOperation({
    id: 'list_running_evaluations',
    method: 'GET',
    path: '/windlass/inventory/evaluations',
    tag: 'Windlass',
    summary: 'Count verdicts on what runs, by cluster, namespace or workload',
    permission: { action: 'getImageEvaluation', domain: 'account' },
    query: z.object(grouping),
    success: { status: 200, schema: z.object({ items: z.array(RunningEvaluations), total_rows: z.int() }) },
    errors: [400, 403, 500],
  }),
  /** List all places where an image runs. */
  list_running_places: defineOperation({
    id: 'list_running_places',
    method: 'GET',
    path: '/windlass/images/{image_digest}/running',
    tag: 'Windlass',
    summary: 'List all places where an image runs',
    permission: { action: 'listRuntimeInventories', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: z.object({ items: z.array(RunningPlace) }) },
    errors: [400, 403, 500],
  }),
};
