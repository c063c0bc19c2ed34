-- Archived analyses, the rules that move them, and artifact lifecycle policies.

create table archived_image (
  account text not null references account (name) on delete cascade,
  digest text not null,
  parent_digest text,
  status text not null check (status in ('archiving', 'archived', 'deleting', 'deleted')),
  annotations jsonb not null default '{}',
  -- [{pull_string, registry, repository, tag, detected_at}]
  image_detail jsonb not null default '[]',
  -- compressed document in the object store
  object_key text,
  archive_size bigint not null default 0,
  analyzed_at timestamptz,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  primary key (account, digest)
);

create table archive_rule (
  rule_id text primary key,
  account text not null references account (name) on delete cascade,
  -- patterns with `*`
  registry text not null,
  repository text not null,
  tag text not null,
  -- negative = not looked at
  tag_versions_newer integer not null,
  analysis_age_days integer not null,
  transition text not null check (transition in ('archive', 'delete')),
  system_global boolean not null default false,
  -- {selector, expiration_days, last_seen_in_days}
  exclude jsonb,
  max_images_per_account integer,
  -- what the last run could not do, for people
  last_error text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index archive_rule_account on archive_rule (account);

-- Of the installation, not of an account.
create table artifact_lifecycle_policy (
  uuid uuid primary key,
  name text not null,
  description text,
  action text not null check (action in ('delete')),
  enabled boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index artifact_lifecycle_policy_name on artifact_lifecycle_policy (name) where deleted_at is null;

create table artifact_lifecycle_policy_version (
  policy uuid not null references artifact_lifecycle_policy (uuid) on delete cascade,
  version integer not null,
  conditions jsonb not null,
  created_at timestamptz not null default now(),
  primary key (policy, version)
);
