import type { InventoryItem } from '#contract/inventories.ts';

/** Kinds of cluster. */
export type InventoryType = 'kubernetes' | 'ecs';

/** How a context is known: `agent` with pods or tasks and containers, `list` as bare images. */
export type Source = 'agent' | 'list';

/** A container; `owner` is the uid of its pod or the ARN of its task. */
export interface ReportedContainer {
  owner: string;
  container_id: string;
  name: string;
  /** `kind/name` of what keeps it running, e.g. `deployment/web`. */
  workload: string;
  image_tag: string;
  /** Empty when the runtime did not tell. */
  image_digest: string;
}

/** A pod of a namespace. Labels, annotations and tags are JSON texts in one order of keys. */
export interface ReportedPod {
  uid: string;
  name: string;
  node_uid: string | null;
  labels: string;
  annotations: string;
  hash: string;
}

export interface ReportedService {
  arn: string;
  tags: string;
  hash: string;
}

export interface ReportedTask extends ReportedService {
  service_arn: string;
  task_definition_arn: string;
}

export interface ReportedNode {
  uid: string;
  name: string;
  arch: string | null;
  labels: string;
  annotations: string;
  details: string;
  hash: string;
}

/** An image as a context runs it. */
export interface ReportedImage {
  image_tag: string;
  image_digest: string;
  /** One spelling of the tag; null for what is no tag. */
  full_tag: string | null;
}

/** Everything that a report says of one context: it is whole, and replaces what was said before. */
export interface ReportedContext {
  source: Source;
  uid: string;
  name: string;
  context: string;
  labels: string;
  annotations: string;
  pods: ReportedPod[];
  services: ReportedService[];
  tasks: ReportedTask[];
  containers: ReportedContainer[];
  images: ReportedImage[];
  /** Of everything above, whatever the order in which it came. */
  hash: string;
}

/** A report of any agent, in one form. */
export interface Report {
  inventory_type: InventoryType;
  cluster: string;
  timestamp: Date;
  nodes: ReportedNode[];
  contexts: ReportedContext[];
}

/** What became of a report. */
export interface IngestResult {
  /** Contexts that the report spoke of. */
  contexts: string[];
  /** Those whose content was the same as before: only the time was noted. */
  unchanged: number;
  /** Those of which a newer report is known: nothing was taken away. */
  late: number;
}

/** A row of the inventory, as lists show it. */
export type { InventoryItem };
