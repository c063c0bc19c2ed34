import { type RawBuilder, sql } from 'kysely';
import type { Position } from '../execution/tokens.ts';
import { all, type Condition, hasLabel, inScope, textIs } from './conditions.ts';
import type { EcsFilter, KubernetesFilter } from './filters.ts';
import { type FindingSelection, findingConditions, findingTablesOfImage, recordConditions } from './findings.ts';
import { type OwnedMatch, ownedMatches } from './owned-store.ts';

type Labels = Record<string, string> | null;

/** An image of the catalogue that runs somewhere, with where. */
export interface WorkloadRow {
  position: Position;
  account: string;
  /** In the catalogue. */
  digest: string;
  image_tag: string;
  image_digest: string;
  cluster: string;
  namespace_uid: string | null;
  namespace: string | null;
  namespace_labels: Labels;
  namespace_annotations: Labels;
  namespace_seen: Date | null;
  pod_uid: string | null;
  pod: string | null;
  pod_labels: Labels;
  pod_annotations: Labels;
  pod_seen: Date | null;
  node_uid: string | null;
  node: string | null;
  node_labels: Labels;
  node_annotations: Labels;
  node_seen: Date | null;
  container_id: string | null;
  container: string | null;
  task: string | null;
  task_definition: string | null;
  task_tags: Labels;
  service: string | null;
  service_tags: Labels;
}

/** What a list of workloads is made of. */
export type WorkloadList = 'namespace' | 'container' | 'ecs';

/** Columns by which each list is ordered. */
const ORDER: Record<WorkloadList, readonly string[]> = {
  namespace: ['account', 'cluster', 'namespace', 'context_id', 'image_tag', 'image_digest'],
  container: ['account', 'cluster', 'namespace', 'context_id', 'owner', 'container_id'],
  ecs: ['account', 'cluster', 'context_id', 'owner', 'container_id'],
};
const NUMBERS = new Set(['context_id']);

const column = (name: string) => (NUMBERS.has(name) ? sql.ref(name) : sql`${sql.ref(name)} collate "C"`);

/** Length of the positions of a list. */
export function positionLength(list: WorkloadList): number {
  return ORDER[list].length;
}

/** The image of the catalogue that a running one is: what was analysed goes first. */
const RUNNING = (selection: FindingSelection) => sql`
  select a.name as account, r.context_id, r.image_tag, r.image_digest, r.inventory_type,
    (array_agg(r.digest order by r.analysis_status = 'analyzed' desc, r.digest))[1] as digest
  from account a cross join lateral running_images(a.name, ${selection.context.runningSince.toISOString()}::timestamptz) r
  where ${all([inScope('a.name', selection.context, selection.filter), sql`r.digest is not null`])}
  group by 1, 2, 3, 4, 5`;

function namespaces(filter: KubernetesFilter): Condition[] {
  return [
    sql`r.inventory_type = 'kubernetes'`,
    textIs('c.name', filter.namespace?.name),
    hasLabel('c.labels', filter.namespace?.label),
    hasLabel('c.annotations', filter.namespace?.annotation),
    textIs('k.name', filter.cluster?.name),
  ];
}

function source(list: WorkloadList, filter: KubernetesFilter & EcsFilter): RawBuilder<unknown> {
  const common = sql`r.account, r.digest, r.image_tag, r.image_digest, r.context_id, k.name as cluster,
    c.uid as namespace_uid, c.name as namespace, c.labels as namespace_labels, c.annotations as namespace_annotations,
    c.last_seen as namespace_seen`;
  const joined = sql`running r join inventory_context c on c.id = r.context_id join reported_cluster k on k.id = c.cluster_id`;
  const containers = sql`${joined}
    join inventory_container t on t.context_id = r.context_id and t.image_tag = r.image_tag
      and t.image_digest = r.image_digest and coalesce(t.last_seen, c.last_seen) >= since.at`;
  const pods = sql`
    left join inventory_pod p on p.context_id = t.context_id and p.uid = t.owner
    left join inventory_node n on n.cluster_id = c.cluster_id and n.uid = p.node_uid`;
  const onPods = [
    textIs('p.name', filter.pod?.name),
    hasLabel('p.labels', filter.pod?.label),
    hasLabel('p.annotations', filter.pod?.annotation),
    textIs('n.name', filter.node?.name),
    hasLabel('n.labels', filter.node?.label),
    hasLabel('n.annotations', filter.node?.annotation),
    textIs('t.container_id', filter.container?.id),
    textIs('t.name', filter.container?.name),
  ];
  if (list === 'namespace') {
    const within = onPods.some(Boolean)
      ? sql`exists (select 1 from inventory_container t ${pods}
          where t.context_id = r.context_id and t.image_tag = r.image_tag and t.image_digest = r.image_digest
            and coalesce(t.last_seen, c.last_seen) >= since.at and ${all(onPods)})`
      : undefined;
    return sql`select ${common} from ${joined} cross join since where ${all([...namespaces(filter), within])}`;
  }
  if (list === 'container')
    return sql`
      select ${common}, t.owner, t.container_id, t.name as container,
        p.uid as pod_uid, p.name as pod, p.labels as pod_labels, p.annotations as pod_annotations,
        coalesce(p.last_seen, c.last_seen) as pod_seen, n.uid as node_uid, n.name as node, n.labels as node_labels,
        n.annotations as node_annotations, n.last_seen as node_seen
      from since cross join ${containers} ${pods} where ${all([...namespaces(filter), ...onPods])}`;
  return sql`
    select ${common}, t.owner, t.container_id, t.name as container, s.arn as service, s.tags as service_tags,
      t.owner as task, u.task_definition_arn as task_definition, u.tags as task_tags
    from since cross join ${containers}
    left join inventory_ecs_task u on u.context_id = t.context_id and u.arn = t.owner
    left join inventory_ecs_service s on s.context_id = u.context_id and s.arn = u.service_arn
    where ${all([
      sql`r.inventory_type = 'ecs'`,
      textIs('k.name', filter.clusterArn),
      textIs('s.arn', filter.serviceArn),
      textIs('t.owner', filter.taskArn),
      textIs('t.container_id', filter.containerArn),
    ])}`;
}

/** Rows whose image has a finding of the selection. */
function vulnerable(selection: FindingSelection, owned: readonly OwnedMatch[]): RawBuilder<unknown> {
  const records = recordConditions(selection);
  const v = records.some(Boolean)
    ? sql`join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace`
    : sql``;
  const images = sql`
    select d.account, d.digest from (select distinct account, digest from places) d
    where exists (
      select 1 from ${findingTablesOfImage(selection, { account: sql`d.account`, digest: sql`d.digest` })} ${v}
      where ${all([...records, ...findingConditions(selection, owned), textIs('ap.digest', selection.filter.image?.digest)])}
      offset 0)`;
  return sql`(w.account, w.digest) in (${images})`;
}

function listed(
  selection: FindingSelection,
  list: WorkloadList,
  filter: KubernetesFilter & EcsFilter,
  owned: readonly OwnedMatch[],
): RawBuilder<unknown> {
  return sql`
    with since as (select ${selection.context.runningSince.toISOString()}::timestamptz as at),
    running as materialized (${RUNNING(selection)}),
    places as materialized (${source(list, filter)}),
    listed as (select * from places w where ${vulnerable(selection, owned)})`;
}

/** Workloads behind a position whose images have findings, in the order of their names. */
export async function workloadPage(
  selection: FindingSelection,
  list: WorkloadList,
  filter: KubernetesFilter & EcsFilter,
  order: 'NAME_ASC' | 'NAME_DESC',
  after: Position | undefined,
  limit: number,
): Promise<{ rows: WorkloadRow[]; owned: OwnedMatch[] }> {
  const owned = await ownedMatches(selection.context, undefined);
  const [beyond, direction] = order === 'NAME_ASC' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const names = ORDER[list];
  const behind = after
    ? sql`where (${sql.join(names.map(column))}) ${beyond} (${sql.join(
        after.map((value, at) => (NUMBERS.has(names[at]!) ? sql`${value}::bigint` : sql`${value}`)),
      )})`
    : sql``;
  const rows = await selection.context.rows<WorkloadRow & Record<string, string | number>>(sql`
    ${listed(selection, list, filter, owned)}
    select * from listed ${behind}
    order by ${sql.join(names.map((name) => sql`${column(name)} ${direction}`))} limit ${limit}`);
  return {
    rows: rows.map((row) => ({ ...row, position: names.map((name) => row[name] as string | number) })),
    owned,
  };
}

export async function countWorkloads(
  selection: FindingSelection,
  list: WorkloadList,
  filter: KubernetesFilter & EcsFilter,
): Promise<number> {
  const owned = await ownedMatches(selection.context, undefined);
  const rows = await selection.context.rows<{ n: number }>(
    sql`${listed(selection, list, filter, owned)} select count(*)::int as n from listed`,
  );
  return rows[0]?.n ?? 0;
}

/** Vulnerabilities of images by id, descending, behind an id, at most `limit` for each; `at` counts images from 1. */
export function vulnerabilitiesOfImages(
  selection: FindingSelection,
  owned: readonly OwnedMatch[],
  images: readonly { account: string; digest: string }[],
  window: { after?: string | undefined; limit?: number | undefined },
): Promise<{ at: number; id: string }[]> {
  const records = recordConditions(selection);
  const v = records.some(Boolean)
    ? sql`join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace`
    : sql``;
  const behind = window.after === undefined ? undefined : sql`m.vulnerability collate "C" < ${window.after}`;
  const found = sql`
    select distinct k.at::int as at, m.vulnerability as id
    from unnest(${images.map(({ account }) => account)}::text[], ${images.map(({ digest }) => digest)}::text[])
      with ordinality k(account, digest, at)
    cross join ${findingTablesOfImage(selection, { account: sql`k.account`, digest: sql`k.digest` })} ${v}
    where ${all([...records, ...findingConditions(selection, owned), behind])}`;
  return selection.context.rows<{ at: number; id: string }>(sql`
    select at, id from (
      select *, row_number() over (partition by at order by id collate "C" desc) as place from (${found}) f) w
    ${window.limit === undefined ? sql`` : sql`where place <= ${window.limit}`} order by at, place`);
}
