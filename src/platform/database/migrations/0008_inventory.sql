-- Runtime inventory: what the agents of clusters report, and the agents themselves.
--
-- A row below a context is open (last_seen null) while it is in the latest report of that context: it was last seen when
-- the context was. It is closed, with the time at which it was last seen, by the first report without it. So an unchanged
-- report writes one row for each context, however much runs there.

create table reported_cluster (
  id bigint generated always as identity primary key,
  account text not null references account (name) on delete cascade,
  inventory_type text not null check (inventory_type in ('kubernetes', 'ecs')),
  -- name of a Kubernetes cluster, ARN of an ECS cluster
  name text not null,
  created_at timestamptz not null default now(),
  last_report_at timestamptz not null,
  last_report_timestamp timestamptz not null,
  unique (account, inventory_type, name),
  unique (account, id)
);

-- A Kubernetes namespace as one kind of agent reports it, or a whole ECS cluster.
create table inventory_context (
  id bigint generated always as identity primary key,
  account text not null,
  cluster_id bigint not null,
  -- agent: with pods and containers; list: images only
  source text not null check (source in ('agent', 'list')),
  -- uid of the namespace; empty for lists and ECS
  uid text not null,
  -- name of the namespace; empty for ECS
  name text not null,
  -- cluster/namespace, or the ARN of the ECS cluster
  context text not null,
  labels jsonb not null default '{}',
  annotations jsonb not null default '{}',
  -- hash of everything in the latest report of it; null: compare row by row
  content_hash text,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz not null,
  -- time of the latest report by the clock of its sender, never later than its arrival
  report_timestamp timestamptz not null,
  unique (cluster_id, source, uid, name),
  unique (account, id),
  foreign key (account, cluster_id) references reported_cluster (account, id) on delete cascade
);
create index inventory_context_context on inventory_context (account, context);

create table inventory_image (
  account text not null,
  context_id bigint not null,
  image_tag text not null,
  -- empty when the runtime did not tell
  image_digest text not null,
  -- registry/repository:tag in one spelling; null for tags that are no tags
  full_tag text,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz,
  primary key (context_id, image_tag, image_digest),
  foreign key (account, context_id) references inventory_context (account, id) on delete cascade
);
create index inventory_image_digest on inventory_image (account, image_digest);
-- the order of lists, which must not depend on the locale of the database
create index inventory_image_order on inventory_image (context_id, image_tag collate "C", image_digest collate "C");

create table inventory_node (
  account text not null,
  cluster_id bigint not null,
  uid text not null,
  name text not null,
  arch text,
  labels jsonb not null,
  annotations jsonb not null,
  -- versions of kernel, kubelet …
  details jsonb not null,
  hash text not null,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz not null,
  primary key (cluster_id, uid),
  foreign key (account, cluster_id) references reported_cluster (account, id) on delete cascade
);

create table inventory_pod (
  account text not null,
  context_id bigint not null,
  uid text not null,
  name text not null,
  node_uid text,
  labels jsonb not null,
  annotations jsonb not null,
  hash text not null,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz,
  primary key (context_id, uid),
  foreign key (account, context_id) references inventory_context (account, id) on delete cascade
);

create table inventory_container (
  account text not null,
  context_id bigint not null,
  -- uid of the pod, ARN of the task; empty when not told
  owner text not null,
  -- id given by the runtime, ARN of an ECS container
  container_id text not null,
  name text not null,
  -- kind/name of what keeps it running
  workload text not null,
  image_tag text not null,
  image_digest text not null,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz,
  primary key (context_id, owner, container_id),
  foreign key (account, context_id) references inventory_context (account, id) on delete cascade
);

create table inventory_ecs_service (
  account text not null,
  context_id bigint not null,
  arn text not null,
  tags jsonb not null,
  hash text not null,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz,
  primary key (context_id, arn),
  foreign key (account, context_id) references inventory_context (account, id) on delete cascade
);

create table inventory_ecs_task (
  account text not null,
  context_id bigint not null,
  arn text not null,
  service_arn text not null,
  task_definition_arn text not null,
  tags jsonb not null,
  hash text not null,
  created_at timestamptz not null,
  last_updated timestamptz not null,
  last_seen timestamptz,
  primary key (context_id, arn),
  foreign key (account, context_id) references inventory_context (account, id) on delete cascade
);

-- Watched images that could not be added: when to try again.
create table inventory_watch_failure (
  account text not null references account (name) on delete cascade,
  -- pull string
  reference text not null,
  failures integer not null,
  error text not null,
  failed_at timestamptz not null,
  next_attempt_at timestamptz not null,
  primary key (account, reference)
);

-- One spelling for all names of an image: Docker Hub has three hosts, and official images a folder that nobody writes.
create function canonical_tag(registry text, repository text, tag text) returns text
language sql immutable parallel safe as $$
  select case
    when registry in ('docker.io', 'index.docker.io', 'registry-1.docker.io') then
      'docker.io/' || case when repository like '%/%' then repository else 'library/' || repository end
    else registry || '/' || repository
  end || ':' || tag
$$;
create index tag_mapping_canonical on tag_mapping (account, canonical_tag(registry, repository, tag)) where closed_at is null;
create index image_by_parent on image (account, parent_digest) where parent_digest is not null;

-- Images of an account that ran at p_since or later. A row without digest gives way to one with digest of the same tag
-- in the latest report of the same context.
create function inventory_rows(p_account text, p_since timestamptz)
returns table (
  inventory_type text, cluster_id bigint, cluster text, namespace text, context_id bigint, context text,
  image_tag text, image_digest text, full_tag text, created_at timestamptz, last_updated timestamptz, last_seen timestamptz
)
language sql stable as $$
  select k.inventory_type, k.id, k.name, c.name, c.id, c.context, i.image_tag, i.image_digest, i.full_tag,
         i.created_at, i.last_updated, coalesce(i.last_seen, c.last_seen)
  from inventory_image i
  join inventory_context c on c.id = i.context_id
  join reported_cluster k on k.id = c.cluster_id
  where c.account = p_account and i.account = p_account and coalesce(i.last_seen, c.last_seen) >= p_since
    and (i.image_digest <> '' or not exists (
      select 1 from inventory_context o
      join inventory_image d on d.context_id = o.id
      where o.account = p_account and o.context = c.context and o.cluster_id = c.cluster_id
        and coalesce(d.full_tag, d.image_tag) = coalesce(i.full_tag, i.image_tag)
        and d.image_digest <> '' and d.last_seen is null and o.last_seen >= p_since))
$$;

-- What of it is in the catalogue: by digest, by the digest of the index it was chosen from (of several platforms those
-- of the nodes), by tag where no digest is known. digest is null for what is not.
create function running_images(p_account text, p_since timestamptz)
returns table (
  inventory_type text, cluster_id bigint, cluster text, namespace text, context_id bigint, context text,
  image_tag text, image_digest text, full_tag text, created_at timestamptz, last_updated timestamptz, last_seen timestamptz,
  digest text, analysis_status text, analysis_id bigint, matched_by text
)
language sql stable as $$
  select r.*, m.digest, m.analysis_status, m.analysis_id, m.matched_by
  from inventory_rows(p_account, p_since) r
  left join lateral (
    select i.digest, i.analysis_status, i.analysis_id, 'digest' as matched_by
    from image i
    where i.account = p_account and i.digest = r.image_digest and i.image_status = 'active'
    union all
    select i.digest, i.analysis_status, i.analysis_id, 'parent_digest'
    from image i left join analysis a on a.id = i.analysis_id
    where i.account = p_account and i.parent_digest = r.image_digest and i.digest <> r.image_digest
      and i.image_status = 'active' and r.image_digest <> ''
      and (a.arch is null
        or a.arch in (select n.arch from inventory_node n where n.cluster_id = r.cluster_id)
        or not exists (
          select 1 from image s join analysis b on b.id = s.analysis_id
          join inventory_node n on n.cluster_id = r.cluster_id and n.arch = b.arch
          where s.account = p_account and s.parent_digest = r.image_digest))
    union all
    select t.digest, t.analysis_status, t.analysis_id, 'tag'
    from (
      select i.digest, i.analysis_status, i.analysis_id
      from tag_mapping g join image i on i.account = g.account and i.digest = g.digest
      where g.account = p_account and g.closed_at is null and r.image_digest = '' and i.image_status = 'active'
        and canonical_tag(g.registry, g.repository, g.tag) = r.full_tag
      order by g.detected_at desc limit 1) t
  ) m on true
$$;

-- Agents that registered themselves.
create table integration (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  registration_id text not null,
  registration_instance_id text not null,
  type text not null,
  name text,
  description text,
  version text,
  started_at timestamptz,
  uptime double precision not null default 0,
  username text not null,
  explicitly_account_bound text[] not null default '{}',
  namespaces text[] not null default '{}',
  configuration jsonb not null default '{}',
  cluster_name text,
  namespace text,
  -- seconds
  health_report_interval integer not null,
  state text not null default 'registered' check (state in ('registered', 'active', 'inactive')),
  state_updated_at timestamptz not null,
  last_seen timestamptz not null,
  -- what the latest health report says: null before the first
  reported_state text check (reported_state in ('healthy', 'unhealthy')),
  reported_errors jsonb not null default '[]',
  created_at timestamptz not null default now(),
  unique (account, registration_id, registration_instance_id),
  unique (account, uuid)
);
create index integration_by_state on integration (state);

create table integration_health_report (
  id bigint generated always as identity primary key,
  account text not null,
  integration uuid not null,
  received_at timestamptz not null default now(),
  report jsonb not null,
  foreign key (account, integration) references integration (account, uuid) on delete cascade
);
create index integration_health_report_age on integration_health_report (received_at);
create index integration_health_report_integration on integration_health_report (integration);

-- Accounts into which an agent reported lately.
create table integration_association (
  account text not null,
  integration uuid not null,
  reported_account text not null,
  last_reported_at timestamptz not null,
  primary key (integration, reported_account),
  foreign key (account, integration) references integration (account, uuid) on delete cascade
);
