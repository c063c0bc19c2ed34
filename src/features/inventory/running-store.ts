import { type RawBuilder, sql } from 'kysely';
import type { RunningState } from '#contract/windlass-inventory.ts';
import type { Db } from '#platform/database/types.ts';
import type { InventoryType } from './report.ts';

/** A part of the inventory. */
export interface RunningScope {
  cluster?: string | undefined;
  namespace?: string | undefined;
  workload?: string | undefined;
}

/** How results are put together, from coarse to fine. */
export type Grouping = 'cluster' | 'namespace' | 'workload';

function page({ page, limit }: { page: number; limit: number }): RawBuilder<unknown> {
  return sql`limit ${limit} offset ${Math.min((page - 1) * limit, Number.MAX_SAFE_INTEGER)}`;
}

function inScope(scope: RunningScope): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (scope.cluster !== undefined) conditions.push(sql`r.cluster = ${scope.cluster}`);
  if (scope.namespace !== undefined) conditions.push(sql`r.namespace = ${scope.namespace}`);
  if (scope.workload !== undefined) {
    conditions.push(sql`exists (
      select 1 from inventory_container t
      where t.context_id = r.context_id and t.image_tag = r.image_tag and t.image_digest = r.image_digest
        and t.workload = ${scope.workload})`);
  }
  return sql.join(conditions, sql` and `);
}

/** Best first: what is known of one child of an index is known of the image. */
const BY_STATE = sql`array_position(array['analyzed', 'analyzing', 'not_analyzed', 'analysis_failed'], r.analysis_status)`;

export interface CoverageRow {
  inventory_type: InventoryType;
  image_tag: string;
  image_digest: string;
  state: RunningState;
  catalog_digest: string | null;
  contexts: string[];
  containers: number;
  first_seen: Date;
  last_seen: Date;
}

/**
 * Running images of an account by state, and a page of those in the given states, those that began to run latest first:
 * each report changes when they were seen last.
 */
export async function coverage(
  db: Db,
  account: string,
  query: RunningScope & { since: Date; state: readonly RunningState[]; page: number; limit: number },
): Promise<{ states: Record<string, number>; items: CoverageRow[]; total_rows: number }> {
  const { rows } = await sql<{ states: Record<string, number>; items: CoverageRow[]; total_rows: number }>`
    with running as materialized (
      select r.inventory_type, r.image_tag, r.image_digest,
        coalesce((array_agg(r.analysis_status order by ${BY_STATE}) filter (where r.digest is not null))[1], 'not_in_catalog') as state,
        (array_agg(r.digest order by ${BY_STATE}) filter (where r.digest is not null))[1] as catalog_digest,
        array_agg(distinct r.context order by r.context) as contexts, array_agg(distinct r.context_id) as context_ids,
        min(r.created_at) as first_seen, max(r.last_seen) as last_seen
      from running_images(${account}, ${query.since}) r
      where ${inScope(query)}
      group by 1, 2, 3),
    listed as (
      select * from running where state = any(${query.state}::text[])
      order by first_seen desc, image_tag, image_digest, inventory_type ${page(query)})
    select
      (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*)::int as n from running group by 1) s) as states,
      (select count(*)::int from running where state = any(${query.state}::text[])) as total_rows,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'inventory_type', l.inventory_type, 'image_tag', l.image_tag, 'image_digest', l.image_digest, 'state', l.state,
          'catalog_digest', l.catalog_digest, 'contexts', l.contexts, 'first_seen', l.first_seen, 'last_seen', l.last_seen,
          'containers', (
            select count(*) from inventory_container t join inventory_context c on c.id = t.context_id
            where t.context_id = any(l.context_ids) and t.image_tag = l.image_tag and t.image_digest = l.image_digest
              and coalesce(t.last_seen, c.last_seen) >= ${query.since}))), '[]') from listed l) as items`.execute(db);
  const { states, items, total_rows } = rows[0]!;
  return {
    states,
    total_rows,
    items: items.map((item) => ({
      ...item,
      first_seen: new Date(item.first_seen),
      last_seen: new Date(item.last_seen),
    })),
  };
}

/** What runs in an account as one row for each image of each group. */
function runningIn(account: string, query: RunningScope & { since: Date; group_by: Grouping }): RawBuilder<unknown> {
  const { group_by: by } = query;
  const workload = by === 'workload';
  return sql`
    select distinct r.inventory_type, r.cluster, ${by === 'cluster' ? sql`null::text` : sql`nullif(r.namespace, '')`} as namespace,
      ${workload ? sql`w.workload` : sql`null::text`} as workload, r.image_tag, r.image_digest, r.full_tag, r.digest, r.analysis_id
    from running_images(${account}, ${query.since}) r
    ${
      workload
        ? sql`left join lateral (
            select distinct t.workload from inventory_container t join inventory_context c on c.id = t.context_id
            where t.context_id = r.context_id and t.image_tag = r.image_tag and t.image_digest = r.image_digest
              and coalesce(t.last_seen, c.last_seen) >= ${query.since}) w on true`
        : sql``
    }
    where ${inScope(query)} ${workload && query.workload !== undefined ? sql`and w.workload = ${query.workload}` : sql``}`;
}

const GROUP = sql`inventory_type, cluster, namespace, workload`;
const SAME_GROUP = sql`f.inventory_type = g.inventory_type and f.cluster = g.cluster
  and f.namespace is not distinct from g.namespace and f.workload is not distinct from g.workload`;
const COUNTS = sql`count(distinct (image_tag, image_digest))::int as images,
  (count(distinct (image_tag, image_digest)) - count(distinct (image_tag, image_digest)) filter (where analysis_id is not null))::int as images_not_analyzed`;

/** A group with its number of images. */
export interface GroupRow {
  inventory_type: InventoryType;
  cluster: string;
  namespace: string | null;
  workload: string | null;
  images: number;
  images_not_analyzed: number;
  total: number;
}

export type SeverityRow = Record<
  'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown' | 'fixable' | 'known_exploited',
  number
>;

/** Distinct vulnerabilities of what runs in an account by group, worst first; of one id, only groups that have it. */
export async function vulnerabilitiesByGroup(
  db: Db,
  account: string,
  query: RunningScope & {
    since: Date;
    group_by: Grouping;
    vulnerability_id?: string | undefined;
    page: number;
    limit: number;
  },
): Promise<(GroupRow & SeverityRow)[]> {
  const { rows } = await sql<GroupRow & SeverityRow>`
    with running as materialized (${runningIn(account, query)}),
    groups as (select ${GROUP}, ${COUNTS} from running group by ${GROUP}),
    known as materialized (
      select a.analysis_id, m.vulnerability, bool_or(m.fix_state = 'fixed') as fixable, bool_or(v.detail ? 'kev') as exploited,
        max(array_position(array['Unknown', 'Negligible', 'Low', 'Medium', 'High', 'Critical'], v.severity)) as rank
      from (select distinct analysis_id from running where analysis_id is not null) a
      join analysis_package ap on ap.analysis_id = a.analysis_id and not ap.left_to_owner
      join package_match m on m.package_id = ap.package_id and m.closed_at is null
      join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
      ${query.vulnerability_id === undefined ? sql`` : sql`where m.vulnerability = ${query.vulnerability_id}`}
      group by 1, 2),
    found as (
      select ${GROUP}, k.vulnerability, bool_or(k.fixable) as fixable, bool_or(k.exploited) as exploited, max(k.rank) as rank
      from running join known k using (analysis_id) group by ${GROUP}, k.vulnerability),
    counted as (
      select ${GROUP}, count(*)::int as n,
        count(*) filter (where rank = 6)::int as critical, count(*) filter (where rank = 5)::int as high,
        count(*) filter (where rank = 4)::int as medium, count(*) filter (where rank = 3)::int as low,
        count(*) filter (where rank = 2)::int as negligible, count(*) filter (where rank = 1 or rank is null)::int as unknown,
        count(*) filter (where fixable)::int as fixable, count(*) filter (where exploited)::int as known_exploited
      from found group by ${GROUP})
    select g.*, (count(*) over ())::int as total,
      ${sql.join(
        ['critical', 'high', 'medium', 'low', 'negligible', 'unknown', 'fixable', 'known_exploited'].map(
          (name) => sql`coalesce(f.${sql.ref(name)}, 0) as ${sql.ref(name)}`,
        ),
      )}
    from groups g left join counted f on ${SAME_GROUP}
    ${query.vulnerability_id === undefined ? sql`` : sql`where f.n > 0`}
    order by critical desc, high desc, medium desc, g.cluster, g.namespace, g.workload, g.inventory_type ${page(query)}`.execute(
    db,
  );
  return rows;
}

export type VerdictRow = GroupRow & { passed: number; failed: number; not_evaluated: number };

/** Verdicts of the active policy on what runs in an account by group, most failures first. The tag that runs counts, else the latest. */
export async function evaluationsByGroup(
  db: Db,
  account: string,
  query: RunningScope & { since: Date; group_by: Grouping; page: number; limit: number },
): Promise<VerdictRow[]> {
  const { rows } = await sql<VerdictRow>`
    with running as materialized (${runningIn(account, query)}),
    judged as (
      select r.*, e.status from running r
      left join lateral (
        select ev.status from evaluation ev
        join policy p on p.account = ev.account and p.policy_id = ev.policy_id and p.active
        where ev.account = ${account} and ev.digest = r.digest
        order by (ev.tag in (r.image_tag, r.full_tag)) desc, ev.evaluated_at desc limit 1) e on true),
    images as (
      select ${GROUP}, image_tag, image_digest, max(analysis_id) as analysis_id,
        case when bool_or(status = 'fail') then 'fail' when bool_or(status = 'pass') then 'pass' end as status
      from judged group by ${GROUP}, image_tag, image_digest)
    select ${GROUP}, ${COUNTS}, (count(*) over ())::int as total,
      count(*) filter (where status = 'pass')::int as passed, count(*) filter (where status = 'fail')::int as failed,
      count(*) filter (where status is null)::int as not_evaluated
    from images group by ${GROUP}
    order by failed desc, cluster, namespace, workload, inventory_type ${page(query)}`.execute(db);
  return rows;
}

export interface PlaceRow {
  inventory_type: InventoryType;
  cluster: string;
  namespace: string;
  context: string;
  workload: string | null;
  image_tag: string;
  image_digest: string;
  matched_by: 'digest' | 'parent_digest' | 'tag';
  containers: number;
  pods: number;
  first_seen: Date;
  last_seen: Date;
}

/** Where an image of an account runs: by digest of the image or of its index, known to the catalogue or not. */
export async function placesOf(db: Db, account: string, digest: string, since: Date): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    with running as (
      select distinct on (r.context_id, r.image_tag, r.image_digest) r.*,
        case when r.digest = ${digest} then r.matched_by else 'digest' end as how
      from running_images(${account}, ${since}) r
      where r.digest = ${digest} or r.image_digest = ${digest})
    select r.inventory_type, r.cluster, r.namespace, r.context, t.workload, r.image_tag, r.image_digest, r.how as matched_by,
      count(t.container_id)::int as containers, count(distinct t.owner)::int as pods,
      coalesce(min(t.created_at), min(r.created_at)) as first_seen,
      coalesce(max(coalesce(t.last_seen, c.last_seen)), max(r.last_seen)) as last_seen
    from running r
    join inventory_context c on c.id = r.context_id
    left join inventory_container t on t.account = ${account} and t.context_id = r.context_id and t.image_tag = r.image_tag
      and t.image_digest = r.image_digest and coalesce(t.last_seen, c.last_seen) >= ${since}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by r.cluster, r.namespace, t.workload, r.image_tag`.execute(db);
  return rows;
}

/** Digests of the catalogue of an account that run, with the time they were last seen. */
export async function runningDigests(db: Db, account: string, since: Date): Promise<Map<string, Date>> {
  const { rows } = await sql<{ digest: string; last_seen: Date }>`
    select digest, max(last_seen) as last_seen from running_images(${account}, ${since}) r
    where digest is not null group by 1`.execute(db);
  return new Map(rows.map(({ digest, last_seen }) => [digest, last_seen]));
}
