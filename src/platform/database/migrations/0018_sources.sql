-- Source repositories known by SBOMs that clients sent, the verdicts about them, applications, and relations of artifacts.

create table source (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  vcs_type text not null default 'git',
  host text not null,
  repository_name text not null,
  revision text not null,
  source_status text not null default 'active' check (source_status in ('active', 'inactive', 'deleting')),
  analysis_status text not null default 'not_analyzed'
    check (analysis_status in ('not_analyzed', 'analyzing', 'analyzed', 'analysis_failed')),
  -- why it failed, for people
  analysis_error text,
  analysis_id bigint references analysis (id),
  -- the SBOM as it came
  sbom_key text,
  created_at timestamptz not null default now(),
  analyzed_at timestamptz,
  last_updated timestamptz not null default now(),
  unique (account, host, repository_name, revision)
);
create index source_analysis on source (analysis_id);

-- What a client told about an import of the source; each import adds one.
create table source_metadata (
  uuid uuid primary key,
  source uuid not null references source (uuid) on delete cascade,
  ci_workflow_name text,
  ci_workflow_execution_time timestamptz,
  branch_name text,
  change_author text,
  created_at timestamptz not null default now()
);
create index source_metadata_source on source_metadata (source, created_at);

create table source_import (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  status text not null check (status in ('pending', 'queued', 'processing', 'complete', 'failed', 'expired')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_updated timestamptz not null default now()
);
create index source_import_listing on source_import (account, created_at desc);

create table source_import_content (
  import uuid not null references source_import (uuid) on delete cascade,
  -- SHA-256 of the bytes as they came, hexadecimal
  digest text not null,
  object_key text not null,
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (import, digest)
);

-- Packages of sources as they are matched: corrections of the account are applied. The counterpart of image_package.
create view source_package as
select s.account, s.uuid as source, ap.analysis_id, ap.document_id, ap.path, ap.layer, ap.owned_by, ap.left_to_owner,
       ap.package_id, ap.package_id as found_package_id, null::uuid[] as corrections
from source s
join analysis_package ap on ap.analysis_id = s.analysis_id
where not exists (
  select 1 from analysis_package_override o
  where o.account = s.account and o.analysis_id = ap.analysis_id and o.document_id = ap.document_id)
union all
select s.account, s.uuid as source, ap.analysis_id, ap.document_id, ap.path, ap.layer, ap.owned_by, ap.left_to_owner,
       o.package_id, ap.package_id as found_package_id, o.corrections
from source s
join analysis_package_override o on o.account = s.account and o.analysis_id = s.analysis_id
join analysis_package ap on ap.analysis_id = o.analysis_id and ap.document_id = o.document_id;

-- The newest verdict of each policy about a source.
create table source_evaluation (
  uuid uuid not null unique,
  account text not null references account (name) on delete cascade,
  source uuid not null references source (uuid) on delete cascade,
  policy_id text not null,
  policy_digest text not null,
  input_digest text not null,
  -- the wire form without policy and source
  result jsonb not null,
  valid_until timestamptz,
  evaluated_at timestamptz not null,
  primary key (source, policy_id)
);

create table application (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  name text not null,
  description text not null default '',
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  unique (account, name)
);

create table application_version (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  application uuid not null references application (uuid) on delete cascade,
  version_name text not null,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  unique (application, version_name)
);

-- Artifacts are named, not referred to: they may be deleted, and the association then tells what is gone.
create table application_artifact (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  version uuid not null references application_version (uuid) on delete cascade,
  artifact_type text not null check (artifact_type in ('image', 'source')),
  -- image digest, or uuid of the source
  artifact_id text not null,
  -- host, repository_name and revision of a source
  source_name jsonb,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  unique (version, artifact_type, artifact_id)
);

create table artifact_relationship (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  source_type text not null check (source_type in ('image', 'source')),
  source_id text not null,
  target_type text not null check (target_type in ('image', 'source')),
  target_id text not null,
  relationship_type text not null check (relationship_type in ('contains', 'contained_by')),
  comment text,
  user_metadata jsonb,
  created_at timestamptz not null default now(),
  unique (account, source_type, source_id, target_type, target_id, relationship_type)
);
create index artifact_relationship_target on artifact_relationship (account, target_type, target_id);
