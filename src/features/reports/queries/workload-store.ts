import { type RawBuilder, sql } from 'kysely';
import type { Position } from '../execution/tokens.ts';
import { all, type Condition, eitherIs, hasLabel, inScope, textIs } from './conditions.ts';
import type { EcsFilter, KubernetesFilter } from './filters.ts';
import { type FindingPage, type FindingSelection, findings } from './findings.ts';
import { type OwnedMatch, ownedMatches } from './owned-store.ts';

type Labels = Record<string, string> | null;

/** An image of the catalogue that runs somewhere, with where. */
export interface WorkloadRow {
  position: Position;
  account: string;
  /** In the catalogue. */
  digest: string;
  analysis_id: number;
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
    (array_agg(r.digest order by r.analysis_status = 'analyzed' desc, r.digest))[1] as digest,
    (array_agg(r.analysis_id order by r.analysis_status = 'analyzed' desc, r.digest))[1] as analysis_id
  from account a cross join lateral running_images(a.name, ${selection.context.runningSince.toISOString()}::timestamptz) r
  where ${all([inScope('a.name', selection.context, selection.filter), sql`r.digest is not null`])}
  group by 1, 2, 3, 4, 5`;

function namespaces(filter: KubernetesFilter): Condition[] {
  return [
    sql`r.inventory_type = 'kubernetes'`,
    eitherIs('r.image_digest', 'r.digest', filter.image?.digest),
    textIs('c.name', filter.namespace?.name),
    hasLabel('c.labels', filter.namespace?.label),
    hasLabel('c.annotations', filter.namespace?.annotation),
    textIs('k.name', filter.cluster?.name),
  ];
}

function source(list: WorkloadList, filter: KubernetesFilter & EcsFilter): RawBuilder<unknown> {
  const common = sql`r.account, r.digest, r.analysis_id, r.image_tag, r.image_digest, r.context_id, k.name as cluster,
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
      eitherIs('r.image_digest', 'r.digest', filter.image?.digest),
      textIs('k.name', filter.clusterArn),
      textIs('s.arn', filter.serviceArn),
      textIs('t.owner', filter.taskArn),
      textIs('t.container_id', filter.containerArn),
    ])}`;
}

/** What runs, in `places`. */
function places(
  selection: FindingSelection,
  list: WorkloadList,
  filter: KubernetesFilter & EcsFilter,
): RawBuilder<unknown> {
  return sql`
    with since as (select ${selection.context.runningSince.toISOString()}::timestamptz as at),
    running as materialized (${RUNNING(selection)}),
    places as materialized (${source(list, filter)})`;
}

/** One row where the image of `w` has a finding: it is looked up once for each image, and only for rows that are shown. */
function vulnerable(page: FindingPage, image = sql`w`): RawBuilder<unknown> {
  const found = findings(page, { columns: sql`1`, where: [OF_IMAGE(image)] });
  return sql`cross join lateral (${found} limit 1) vulnerable`;
}

const OF_IMAGE = (image: RawBuilder<unknown>) =>
  sql`ap.analysis_id = ${image}.analysis_id and i.account = ${image}.account`;

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
  const inOrder = sql`order by ${sql.join(names.map((name) => sql`${column(name)} ${direction}`))}`;
  const rows = await selection.context.rows<WorkloadRow & Record<string, string | number>>(sql`
    ${places(selection, list, filter)}
    select w.* from (select * from places ${behind} ${inOrder} offset 0) w ${vulnerable({ selection, owned })}
    ${inOrder} limit ${limit}`);
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
  const rows = await selection.context.rows<{ n: number }>(sql`
    ${places(selection, list, filter)}
    select count(*)::int as n from places w
    join (select d.* from (select distinct account, analysis_id from places) d ${vulnerable({ selection, owned }, sql`d`)}) f
      on f.account = w.account and f.analysis_id = w.analysis_id`);
  return rows[0]?.n ?? 0;
}

/** Vulnerabilities of images by id, descending, behind an id, at most `limit` for each, in the order of the images. */
export async function vulnerabilitiesOfImages(
  page: FindingPage,
  images: readonly { account: string; analysis_id: number }[],
  window: { after?: string | undefined; limit?: number | undefined },
): Promise<string[][]> {
  // The same image runs in many places.
  const distinct = new Map(images.map((image) => [`${image.account}\n${image.analysis_id}`, image]));
  const wanted = [...distinct.values()];
  const keys = sql`unnest(${wanted.map(({ account }) => account)}::text[], ${wanted.map(({ analysis_id }) => analysis_id)}::bigint[])
    with ordinality k(account, analysis_id, at)`;
  const found = findings(page, {
    keys,
    keyOf: 'image',
    columns: sql`k.at, m.vulnerability collate "C" as id`,
    where: window.after === undefined ? [] : [sql`m.vulnerability collate "C" < ${window.after}`],
  });
  const rows = await page.selection.context.rows<{ at: number; ids: string[] }>(
    window.limit === undefined
      ? sql`select at::int, json_agg(distinct id order by id desc) as ids from (${found}) f group by 1`
      : sql`
        select at::int, json_agg(id order by id desc) as ids from (
          select *, row_number() over (partition by at order by id desc) as place from (select distinct * from (${found}) f) d) w
        where place <= ${window.limit} group by 1`,
  );
  const lists = new Map(rows.map(({ at, ids }) => [wanted[at - 1], ids]));
  return images.map((image) => lists.get(distinct.get(`${image.account}\n${image.analysis_id}`)) ?? []);
}
