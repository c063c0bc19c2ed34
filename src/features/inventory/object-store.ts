import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A page of a list: `page` counts from 1. */
export interface Page {
  page: number;
  page_size: number;
}

function paged({ page, page_size }: Page): RawBuilder<unknown> {
  const offset = Math.min((page - 1) * page_size, Number.MAX_SAFE_INTEGER);
  return sql`limit ${page_size} offset ${offset}`;
}

export interface ContainerRow {
  id: string;
  owner: string;
  name: string;
  context: string;
  image_tag: string;
  image_digest: string;
}

/** Containers of clusters of one type of an account, by context and id. */
export async function listContainers(
  db: Db,
  account: string,
  type: 'kubernetes' | 'ecs',
  since: Date,
  page: Page,
): Promise<ContainerRow[]> {
  const { rows } = await sql<ContainerRow>`
    select t.container_id as id, t.owner, t.name, c.context, t.image_tag, t.image_digest
    from inventory_container t
    join inventory_context c on c.id = t.context_id
    join reported_cluster k on k.id = c.cluster_id
    where t.account = ${account} and k.inventory_type = ${type} and coalesce(t.last_seen, c.last_seen) >= ${since}
    order by t.context_id, t.owner, t.container_id ${paged(page)}`.execute(db);
  return rows;
}

export interface PodRow {
  uid: string;
  name: string;
  node_uid: string | null;
  namespace_uid: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  last_seen: Date;
}

/** Pods of an account; `uid` names one, of which the latest sighting comes first. */
export async function listPods(db: Db, account: string, since: Date, page: Page, uid?: string): Promise<PodRow[]> {
  const { rows } = await sql<PodRow>`
    select p.uid, p.name, p.node_uid, c.uid as namespace_uid, p.labels, p.annotations, coalesce(p.last_seen, c.last_seen) as last_seen
    from inventory_pod p join inventory_context c on c.id = p.context_id
    where p.account = ${account} and coalesce(p.last_seen, c.last_seen) >= ${since}
      ${uid === undefined ? sql`order by p.context_id, p.uid` : sql`and p.uid = ${uid} order by last_seen desc`}
    ${paged(page)}`.execute(db);
  return rows;
}

export interface NamedRow {
  uid: string;
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  last_seen: Date;
}

/** Nodes of an account; `uid` names one. */
export async function listNodes(db: Db, account: string, since: Date, page: Page, uid?: string): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    select uid, name, labels, annotations, last_seen from inventory_node
    where account = ${account} and last_seen >= ${since}
      ${uid === undefined ? sql`order by cluster_id, uid` : sql`and uid = ${uid} order by last_seen desc`}
    ${paged(page)}`.execute(db);
  return rows;
}

/** Namespaces of an account, as agents report them with their uid; `uid` names one. */
export async function listNamespaces(
  db: Db,
  account: string,
  since: Date,
  page: Page,
  uid?: string,
): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    select uid, name, labels, annotations, last_seen from inventory_context
    where account = ${account} and uid <> '' and last_seen >= ${since}
      ${uid === undefined ? sql`order by cluster_id, name, uid` : sql`and uid = ${uid} order by last_seen desc`}
    ${paged(page)}`.execute(db);
  return rows;
}

export interface ServiceRow {
  arn: string;
  cluster_arn: string;
  tags: Record<string, string>;
}

/** ECS services of an account. */
export async function listServices(db: Db, account: string, since: Date, page: Page): Promise<ServiceRow[]> {
  const { rows } = await sql<ServiceRow>`
    select s.arn, c.context as cluster_arn, s.tags
    from inventory_ecs_service s join inventory_context c on c.id = s.context_id
    where s.account = ${account} and coalesce(s.last_seen, c.last_seen) >= ${since}
    order by s.context_id, s.arn ${paged(page)}`.execute(db);
  return rows;
}

export interface TaskRow extends ServiceRow {
  service_arn: string;
  task_definition_arn: string;
}

/** ECS tasks of an account. */
export async function listTasks(db: Db, account: string, since: Date, page: Page): Promise<TaskRow[]> {
  const { rows } = await sql<TaskRow>`
    select t.arn, c.context as cluster_arn, t.tags, t.service_arn, t.task_definition_arn
    from inventory_ecs_task t join inventory_context c on c.id = t.context_id
    where t.account = ${account} and coalesce(t.last_seen, c.last_seen) >= ${since}
    order by t.context_id, t.arn ${paged(page)}`.execute(db);
  return rows;
}
