-- Core model: identity, catalogue, distinct packages, matches, evaluations, events, settings.
-- PostgreSQL 15 dialect. Times are timestamptz. Account-owned tables carry "account" and every query filters by it.

create table account (
  name text primary key,
  type text not null check (type in ('admin', 'user', 'service')),
  state text not null default 'enabled' check (state in ('enabled', 'disabled', 'deleting')),
  email text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);

create table app_user (
  username text primary key,
  uuid uuid not null unique,
  account text not null references account (name) on delete cascade,
  type text not null default 'native' check (type in ('native', 'saml')),
  source text,
  description text,
  password_hash text,
  password_last_updated timestamptz,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index app_user_account on app_user (account);

create table api_key (
  id text primary key,
  username text not null references app_user (username) on delete cascade,
  name text not null,
  description text,
  secret_hash text not null,
  status text not null default 'active' check (status in ('active', 'revoked', 'deleted')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create unique index api_key_name on api_key (username, name) where status <> 'deleted';

-- domain: an account name, or 'system'
create table role_member (
  username text not null references app_user (username) on delete cascade,
  role text not null,
  domain text not null,
  created_by text,
  created_at timestamptz not null default now(),
  primary key (username, role, domain)
);
create index role_member_role on role_member (role, domain);

create table refresh_token (
  jti text primary key,
  user_uuid uuid not null references app_user (uuid) on delete cascade,
  expires_at timestamptz not null,
  revoked_at timestamptz
);

-- Secrets of the installation itself (signing keys), encrypted with the master key.
create table system_secret (
  name text primary key,
  ciphertext text not null,
  created_at timestamptz not null default now()
);

create table registry (
  account text not null references account (name) on delete cascade,
  registry text not null,
  registry_name text,
  registry_type text not null default 'docker_v2',
  registry_user text,
  -- AES-256-GCM envelope, never returned
  registry_pass text,
  registry_verify boolean not null default true,
  record_state_key text not null default 'active',
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  primary key (account, registry)
);

-- Analyses belong to the digest, not to an account.
create table analysis (
  id bigint generated always as identity primary key,
  digest text not null unique,
  analyzer_version text not null,
  -- object keys of the zstd-compressed documents
  document_key text not null,
  files_key text,
  distro_id text,
  distro_version text,
  distro_like text[] not null default '{}',
  arch text,
  image_size bigint not null default 0,
  layer_count integer not null default 0,
  layer_digests text[] not null default '{}',
  image_id text not null,
  dockerfile_mode text,
  package_counts jsonb not null default '{}',
  problems jsonb not null default '[]',
  created_at timestamptz not null default now()
);
create index analysis_layers on analysis using gin (layer_digests);

create table image (
  account text not null references account (name) on delete cascade,
  digest text not null,
  parent_digest text,
  image_id text,
  image_status text not null default 'active' check (image_status in ('active', 'deleting')),
  analysis_status text not null default 'not_analyzed'
    check (analysis_status in ('not_analyzed', 'analyzing', 'analyzed', 'analysis_failed')),
  -- why it failed, for people
  analysis_error text,
  -- {layers_done, layers_total, stage}
  progress jsonb,
  status_history jsonb not null default '[]',
  annotations jsonb not null default '{}',
  dockerfile text,
  analysis_id bigint references analysis (id),
  created_at timestamptz not null default now(),
  analyzed_at timestamptz,
  last_updated timestamptz not null default now(),
  primary key (account, digest)
);
create index image_by_digest on image (digest);
create index image_by_analysis on image (analysis_id);
create index image_listing on image (account, image_status, created_at desc);

-- Which digest a tag pointed to, and when. The open row of a tag (closed_at null) is what it points to now; superseded
-- rows stay: an image keeps the tags it once had.
create table tag_mapping (
  id bigint generated always as identity primary key,
  account text not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  detected_at timestamptz not null default now(),
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  foreign key (account, digest) references image (account, digest) on delete cascade
);
create unique index tag_mapping_open on tag_mapping (account, registry, repository, tag) where closed_at is null;
create index tag_mapping_digest on tag_mapping (account, digest);
create index tag_mapping_tag on tag_mapping (account, registry, repository, tag, detected_at desc);

-- Distinct packages: the unit of matching. "identity" is the hash of everything that decides a match.
create table package (
  id bigint generated always as identity primary key,
  identity text not null unique,
  type text not null,
  name text not null,
  version text not null,
  arch text,
  distro_id text,
  distro_version text,
  purl text,
  -- names under which records are looked up: own, upstreams, cpe products
  search_names text[] not null default '{}',
  -- MatchablePackage as JSON: input of the matcher
  matchable jsonb not null,
  coverage text not null default 'unknown-version',
  -- checksum of the build and matcher version it was last matched with; null = never
  matched_with text,
  created_at timestamptz not null default now()
);
create index package_search_names on package using gin (search_names);
create index package_name on package (name, version);
create index package_unmatched on package (id) where matched_with is null;

create table analysis_package (
  analysis_id bigint not null references analysis (id) on delete cascade,
  package_id bigint not null references package (id),
  -- Package.id of the analysis document
  document_id text not null,
  path text not null,
  layer text,
  owned_by text,
  -- what is found in it is left to the advisories of the distribution whose package owns it
  left_to_owner boolean not null default false,
  primary key (analysis_id, document_id)
);
create index analysis_package_package on analysis_package (package_id);

-- Facts of vulnerabilities that matched something.
create table vulnerability (
  id text not null,
  namespace text not null,
  provider text not null,
  severity text not null,
  detail jsonb not null,
  updated_by_build text not null,
  primary key (id, namespace)
);

-- Opened and closed, never rewritten.
create table package_match (
  id bigint generated always as identity primary key,
  package_id bigint not null references package (id) on delete cascade,
  vulnerability text not null,
  namespace text not null,
  kind text not null,
  fix_state text not null,
  fix_versions text[] not null default '{}',
  constraint_text text not null,
  -- Match as JSON: evidence for people
  evidence jsonb not null,
  fix_observed_at timestamptz,
  -- carried over when a match is closed and opened again with another fix or range
  first_seen_at timestamptz not null default now(),
  opened_at timestamptz not null default now(),
  opened_by_build text not null,
  closed_at timestamptz,
  closed_by_build text
);
create unique index package_match_open on package_match (package_id, vulnerability, namespace) where closed_at is null;
create index package_match_vulnerability on package_match (vulnerability) where closed_at is null;

create table suppressed_match (
  package_id bigint not null references package (id) on delete cascade,
  vulnerability text not null,
  namespace text not null,
  rule text not null,
  reason text not null,
  evidence jsonb not null,
  primary key (package_id, vulnerability, namespace, rule)
);

create table policy (
  account text not null references account (name) on delete cascade,
  policy_id text not null,
  name text not null,
  active boolean not null default false,
  policy_source text not null default 'local',
  description text,
  document jsonb not null,
  -- sha256 of the canonical document
  digest text not null,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  primary key (account, policy_id)
);
create unique index policy_one_active on policy (account) where active;

-- History by append: one row per evaluation whose inputs differ from the one before.
create table evaluation (
  id bigint generated always as identity primary key,
  account text not null,
  digest text not null,
  tag text not null,
  policy_id text not null,
  policy_digest text not null,
  -- digest of the facts and the vulnerability data it was made from
  input_digest text not null,
  status text not null check (status in ('pass', 'fail')),
  final_action text not null check (final_action in ('go', 'warn', 'stop')),
  final_action_reason text not null,
  -- PolicyEvaluationResult as JSON
  result jsonb not null,
  valid_until timestamptz,
  evaluated_at timestamptz not null default now(),
  foreign key (account, digest) references image (account, digest) on delete cascade
);
create index evaluation_latest on evaluation (account, digest, tag, policy_id, evaluated_at desc);

create table subscription (
  subscription_id text primary key,
  account text not null references account (name) on delete cascade,
  subscription_type text not null,
  subscription_key text not null,
  subscription_value text,
  active boolean not null default false,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  unique (account, subscription_type, subscription_key)
);

create table event (
  event_id uuid primary key,
  account text not null,
  type text not null,
  category text not null,
  level text not null check (level in ('INFO', 'ERROR')),
  message text not null,
  resource_type text not null,
  resource_id text not null,
  details jsonb not null default '{}',
  source jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index event_listing on event (account, created_at desc);

-- Database builds known to this installation; exactly one is current.
create table feed_build (
  checksum text primary key,
  schema_version text not null,
  built_at timestamptz not null,
  source text not null,
  state text not null check (state in ('building', 'ready', 'current', 'previous', 'failed')),
  error text,
  archive_key text,
  archive_size bigint,
  providers jsonb not null default '[]',
  received_at timestamptz not null default now(),
  switched_at timestamptz
);
create unique index feed_build_current on feed_build ((true)) where state = 'current';

-- Run-time configuration set by the API: overrides defaults, never the file.
create table configuration (
  key text primary key,
  value jsonb not null,
  updated_by text,
  last_updated timestamptz not null default now()
);

-- Heartbeats of processes, shown by /system/services.
create table service (
  service_name text not null,
  host_id text not null,
  base_url text not null,
  version text not null,
  detail jsonb not null default '{}',
  heartbeat_at timestamptz not null default now(),
  primary key (service_name, host_id)
);

-- Raised by every change of what a list shows for an account: readers cache rendered lists under it.
create table account_revision (
  account text primary key,
  revision bigint not null default 1
);
