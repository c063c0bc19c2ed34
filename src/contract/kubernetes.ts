import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { LARGEST_REPORT } from './inventories.ts';
import { defineOperation } from './operation.ts';
import { UUID } from './vulnerability-annotations.ts';

/** Part of `KubernetesContainers`. */
export const KubernetesContainer = z
  .object({
    id: z.string(),
    name: z.string(),
    pod_id: z.string(),
    account_name: z.string(),
    context: z.string(),
    image_tag: z.string(),
    image_digest: z.string(),
  })
  .meta({ id: 'KubernetesContainer' });
export type KubernetesContainer = z.output<typeof KubernetesContainer>;

/** Answer of `get_kubernetes_containers`. */
export const KubernetesContainers = z
  .object({
    containers: z.array(KubernetesContainer).optional(),
  })
  .meta({ id: 'KubernetesContainers' });
export type KubernetesContainers = z.output<typeof KubernetesContainers>;

/** Part of `KubernetesInventory`. */
export const KubernetesInventoryNamespace = z
  .object({
    uid: UUID,
    name: z.string(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'KubernetesInventoryNamespace' });
export type KubernetesInventoryNamespace = z.output<typeof KubernetesInventoryNamespace>;

/** Part of `KubernetesInventory`. */
export const KubernetesInventoryNode = z
  .object({
    uid: UUID,
    name: z.string(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    kernel_version: z.string().nullish(),
    kubernetes_version: z.string().nullish(),
    arch: z.string().nullish(),
    container_runtime_version: z.string().nullish(),
    kube_proxy_version: z.string().nullish(),
    kubelet_version: z.string().nullish(),
    operating_system: z.string().nullish(),
  })
  .meta({ id: 'KubernetesInventoryNode' });
export type KubernetesInventoryNode = z.output<typeof KubernetesInventoryNode>;

/** Part of `KubernetesInventory`. */
export const KubernetesInventoryPod = z
  .object({
    uid: UUID,
    name: z.string(),
    namespace_uid: UUID,
    node_uid: UUID.nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'KubernetesInventoryPod' });
export type KubernetesInventoryPod = z.output<typeof KubernetesInventoryPod>;

/** Part of `KubernetesInventory`. */
export const KubernetesInventoryContainer = z
  .object({
    id: z.string(),
    name: z.string(),
    image_tag: z.string().regex(/^(?!\s*$).+/),
    image_digest: z.string().nullish(),
    pod_uid: UUID,
  })
  .meta({ id: 'KubernetesInventoryContainer' });
export type KubernetesInventoryContainer = z.output<typeof KubernetesInventoryContainer>;

/** Body of `post_kubernetes_inventory`. */
export const KubernetesInventory = z
  .object({
    cluster_name: z.string(),
    timestamp: timestamp,
    namespaces: z.array(KubernetesInventoryNamespace).nullish(),
    nodes: z.array(KubernetesInventoryNode).nullish(),
    pods: z.array(KubernetesInventoryPod).nullish(),
    containers: z.array(KubernetesInventoryContainer).nullish(),
  })
  .meta({ id: 'KubernetesInventory' });
export type KubernetesInventory = z.output<typeof KubernetesInventory>;

/** Answer of `get_kubernetes_namespace`. */
export const KubernetesNamespace = z
  .object({
    uid: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    last_seen: z.string().optional(),
  })
  .meta({ id: 'KubernetesNamespace' });
export type KubernetesNamespace = z.output<typeof KubernetesNamespace>;

/** Answer of `get_kubernetes_namespaces`. */
export const KubernetesNamespaces = z
  .object({
    namespaces: z.array(KubernetesNamespace).optional(),
  })
  .meta({ id: 'KubernetesNamespaces' });
export type KubernetesNamespaces = z.output<typeof KubernetesNamespaces>;

/** Answer of `get_kubernetes_node`. */
export const KubernetesNode = z
  .object({
    uid: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    last_seen: z.string().optional(),
  })
  .meta({ id: 'KubernetesNode' });
export type KubernetesNode = z.output<typeof KubernetesNode>;

/** Answer of `get_kubernetes_nodes`. */
export const KubernetesNodes = z
  .object({
    nodes: z.array(KubernetesNode).optional(),
    /** The same list: the name under which generated clients look for it. */
    namespaces: z.array(KubernetesNode).optional(),
  })
  .meta({ id: 'KubernetesNodes' });
export type KubernetesNodes = z.output<typeof KubernetesNodes>;

/** Answer of `get_kubernetes_pod`. */
export const KubernetesPod = z
  .object({
    id: z.string(),
    name: z.string(),
    account_name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    node_id: z.string().optional(),
    namespace_id: z.string().optional(),
    last_seen: z.string().optional(),
  })
  .meta({ id: 'KubernetesPod' });
export type KubernetesPod = z.output<typeof KubernetesPod>;

/** Answer of `get_kubernetes_pods`. */
export const KubernetesPods = z
  .object({
    pods: z.array(KubernetesPod).optional(),
    /** The same list: the name under which generated clients look for it. */
    namespaces: z.array(KubernetesPod).optional(),
  })
  .meta({ id: 'KubernetesPods' });
export type KubernetesPods = z.output<typeof KubernetesPods>;

/** Operations of kubernetes. */
export const kubernetesOperations = {
  /** Read kubernetes containers. */
  get_kubernetes_containers: defineOperation({
    id: 'get_kubernetes_containers',
    method: 'GET',
    path: '/kubernetes-containers',
    tag: 'Inventories',
    summary: 'Read kubernetes containers',
    permission: { action: 'getKubernetesContainers', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: KubernetesContainers },
    errors: [400, 403, 500],
  }),
  /** Post kubernetes inventory. */
  post_kubernetes_inventory: defineOperation({
    id: 'post_kubernetes_inventory',
    method: 'POST',
    path: '/kubernetes-inventory',
    tag: 'Inventories',
    summary: 'Post kubernetes inventory',
    permission: { action: 'syncInventory', domain: 'account' },
    body: KubernetesInventory,
    maxBodyBytes: LARGEST_REPORT,
    success: { status: 201, schema: null },
    errors: [400, 403, 404, 413, 415, 500],
  }),
  /** Read kubernetes namespaces. */
  get_kubernetes_namespaces: defineOperation({
    id: 'get_kubernetes_namespaces',
    method: 'GET',
    path: '/kubernetes-namespaces',
    tag: 'Inventories',
    summary: 'Read kubernetes namespaces',
    permission: { action: 'getKubernetesNamespaces', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: KubernetesNamespaces },
    errors: [400, 403, 500],
  }),
  /** Delete kubernetes namespaces. */
  delete_kubernetes_namespaces: defineOperation({
    id: 'delete_kubernetes_namespaces',
    method: 'DELETE',
    path: '/kubernetes-namespaces',
    tag: 'Inventories',
    summary: 'Delete kubernetes namespaces',
    permission: { action: 'deleteKubernetesNamespaces', domain: 'account' },
    query: z.object({
      cluster_name: z.string().optional(),
    }),
    success: { status: 204, schema: null },
    errors: [403, 500],
  }),
  /** Read kubernetes namespace. */
  get_kubernetes_namespace: defineOperation({
    id: 'get_kubernetes_namespace',
    method: 'GET',
    path: '/kubernetes-namespaces/{namespace_id}',
    tag: 'Inventories',
    summary: 'Read kubernetes namespace',
    permission: { action: 'getKubernetesNamespaces', domain: 'account' },
    params: z.object({ namespace_id: z.string() }),
    success: { status: 200, schema: KubernetesNamespace },
    errors: [403, 404, 500],
  }),
  /** Read kubernetes nodes. */
  get_kubernetes_nodes: defineOperation({
    id: 'get_kubernetes_nodes',
    method: 'GET',
    path: '/kubernetes-nodes',
    tag: 'Inventories',
    summary: 'Read kubernetes nodes',
    permission: { action: 'getKubernetesNodes', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: KubernetesNodes },
    errors: [400, 403, 500],
  }),
  /** Read kubernetes node. */
  get_kubernetes_node: defineOperation({
    id: 'get_kubernetes_node',
    method: 'GET',
    path: '/kubernetes-nodes/{node_id}',
    tag: 'Inventories',
    summary: 'Read kubernetes node',
    permission: { action: 'getKubernetesNodes', domain: 'account' },
    params: z.object({ node_id: z.string() }),
    success: { status: 200, schema: KubernetesNode },
    errors: [403, 404, 500],
  }),
  /** Read kubernetes pods. */
  get_kubernetes_pods: defineOperation({
    id: 'get_kubernetes_pods',
    method: 'GET',
    path: '/kubernetes-pods',
    tag: 'Inventories',
    summary: 'Read kubernetes pods',
    permission: { action: 'getKubernetesPods', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }),
      page_size: queryInteger({ min: 1 }).default(1000),
    }),
    success: { status: 200, schema: KubernetesPods },
    errors: [400, 403, 500],
  }),
  /** Read kubernetes pod. */
  get_kubernetes_pod: defineOperation({
    id: 'get_kubernetes_pod',
    method: 'GET',
    path: '/kubernetes-pods/{pod_id}',
    tag: 'Inventories',
    summary: 'Read kubernetes pod',
    permission: { action: 'getKubernetesPods', domain: 'account' },
    params: z.object({ pod_id: z.string() }),
    success: { status: 200, schema: KubernetesPod },
    errors: [403, 404, 500],
  }),
};
