import { ecsOperations } from '#contract/ecs.ts';
import { inventoriesOperations } from '#contract/inventories.ts';
import { kubernetesOperations } from '#contract/kubernetes.ts';
import { appendEvent } from '#features/events/index.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation } from '#platform/http/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { clustersOf, deleteImages, deleteNamespaces } from './delete-store.ts';
import { imagePages, jsonList } from './image-list.ts';
import { lockCluster } from './ingest-store.ts';
import {
  listContainers,
  listNamespaces,
  listNodes,
  listPods,
  listServices,
  listTasks,
  type NamedRow,
  type PodRow,
} from './object-store.ts';
import type { InventoryService } from './service.ts';

const FIRST = { page: 1, page_size: 1 };

/** What the routes need beside the inventory. */
export interface InventoryRouteOptions {
  inventory: InventoryService;
  /** Throws 403 unless the caller has the action in the domain. */
  require(actor: Actor, domain: string, action: string): Promise<void>;
}

/** Handlers of the compatible operations of the runtime inventory. */
export function inventoryRoutes(options: InventoryRouteOptions): BoundOperation[] {
  const { inventory } = options;
  return [...imageRoutes(inventory), ...kubernetesRoutes(options), ...ecsRoutes(inventory)];
}

function imageRoutes({ database, now, cutoff }: InventoryService): BoundOperation[] {
  const { db } = database;
  return bindOperations(inventoriesOperations, {
    get_image_inventory: ({ account, query }) =>
      rawAnswer(jsonList(imagePages(db, account, query, cutoff()), '{"items":[', ']}'), {
        contentType: 'application/json',
      }),
    async delete_inventory({ account, query, actor }) {
      const { inventory_type, context, image_digest } = query;
      if (context === '') throw badRequest('context must not be empty');
      await database.transaction(async (tx) => {
        for (const cluster of await clustersOf(tx, account, inventory_type, context)) {
          await lockCluster(tx, account, cluster);
        }
        const removed = await deleteImages(tx, account, { inventory_type, context, image_digest, since: cutoff() });
        if (removed === 0) throw notFound(`no inventory of type ${inventory_type} in context ${context}`);
        await appendEvent(tx, {
          name: 'inventory_deleted',
          account,
          resource_id: context,
          details: present({ inventory_type, image_digest, images: removed, username: actor.username, at: now() }),
        });
      });
    },
  });
}

function kubernetesRoutes({ inventory, require }: InventoryRouteOptions): BoundOperation[] {
  const { database, cutoff } = inventory;
  const { db } = database;
  return bindOperations(kubernetesOperations, {
    async post_kubernetes_inventory({ account, body }) {
      await inventory.ingestKubernetesReport(account, body);
    },
    get_kubernetes_containers: async ({ account, query }) => ({
      containers: (await listContainers(db, account, 'kubernetes', cutoff(), query)).map((row) => ({
        id: row.id,
        name: row.name,
        pod_id: row.owner,
        account_name: account,
        context: row.context,
        image_tag: row.image_tag,
        image_digest: row.image_digest,
      })),
    }),
    async get_kubernetes_pods({ account, query }) {
      const pods = (await listPods(db, account, cutoff(), query)).map((row) => podView(account, row));
      return { pods, namespaces: pods };
    },
    async get_kubernetes_nodes({ account, query }) {
      const nodes = (await listNodes(db, account, cutoff(), query)).map(namedView);
      return { nodes, namespaces: nodes };
    },
    get_kubernetes_namespaces: async ({ account, query }) => ({
      namespaces: (await listNamespaces(db, account, cutoff(), query)).map(namedView),
    }),
    async get_kubernetes_pod({ account, params }) {
      const [row] = await listPods(db, account, cutoff(), FIRST, params.pod_id);
      if (!row) throw notFound(`pod not found: ${params.pod_id}`);
      return podView(account, row);
    },
    async get_kubernetes_node({ account, params }) {
      const [row] = await listNodes(db, account, cutoff(), FIRST, params.node_id);
      if (!row) throw notFound(`node not found: ${params.node_id}`);
      return namedView(row);
    },
    async get_kubernetes_namespace({ account, params }) {
      const [row] = await listNamespaces(db, account, cutoff(), FIRST, params.namespace_id);
      if (!row) throw notFound(`namespace not found: ${params.namespace_id}`);
      return namedView(row);
    },
    async delete_kubernetes_namespaces({ account, query, actor }) {
      const cluster = query.cluster_name || undefined;
      // Every cluster at once: only for who administers the account.
      if (cluster === undefined) await require(actor, account, 'createRoleMember');
      await database.transaction(async (tx) => {
        if (cluster !== undefined) await lockCluster(tx, account, cluster);
        const namespaces = await deleteNamespaces(tx, account, cluster);
        if (namespaces === 0) return;
        await appendEvent(tx, {
          name: 'inventory_namespaces_deleted',
          account,
          resource_id: cluster ?? '*',
          details: { namespaces, username: actor.username },
        });
      });
    },
  });
}

function ecsRoutes({ database, cutoff, ingestEcsReport }: InventoryService): BoundOperation[] {
  const { db } = database;
  return bindOperations(ecsOperations, {
    async post_ecs_inventory({ account, body }) {
      await ingestEcsReport(account, body);
    },
    get_ecs_containers: async ({ account, query }) => ({
      containers: (await listContainers(db, account, 'ecs', cutoff(), query)).map((row) => ({
        arn: row.id,
        task_arn: row.owner,
        account_name: account,
        context: row.context,
        image_tag: row.image_tag,
        image_digest: row.image_digest,
      })),
    }),
    get_ecs_services: async ({ account, query }) => ({
      services: (await listServices(db, account, cutoff(), query)).map((row) => ({ ...row, account_name: account })),
    }),
    get_ecs_tasks: async ({ account, query }) => ({
      tasks: (await listTasks(db, account, cutoff(), query)).map((row) => ({ ...row, account_name: account })),
    }),
  });
}

function podView(account: string, row: PodRow) {
  return {
    id: row.uid,
    name: row.name,
    account_name: account,
    labels: row.labels,
    annotations: row.annotations,
    ...(row.node_uid === null ? {} : { node_id: row.node_uid }),
    namespace_id: row.namespace_uid,
    last_seen: row.last_seen.toISOString(),
  };
}

function namedView({ last_seen, ...row }: NamedRow) {
  return { ...row, last_seen: last_seen.toISOString() };
}
