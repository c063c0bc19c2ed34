-- Corrections of package metadata, annotations of findings, and statements of imported VEX documents.

create table correction (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  type text not null default 'package',
  description text,
  -- CorrectionMatch and CorrectionFieldMatch[] as JSON
  match jsonb not null,
  replace jsonb not null,
  created_by text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index correction_listing on correction (account, created_at, uuid);

-- Digest of the corrections that the overrides of an account were made with.
create table correction_state (
  account text primary key references account (name) on delete cascade,
  applied_digest text not null,
  applied_at timestamptz not null default now()
);

-- The distinct package that stands for a package of an analysis where an account corrects it.
create table analysis_package_override (
  account text not null references account (name) on delete cascade,
  analysis_id bigint not null,
  document_id text not null,
  package_id bigint not null references package (id),
  -- uuids of the corrections that took part
  corrections uuid[] not null default '{}',
  primary key (account, analysis_id, document_id),
  foreign key (analysis_id, document_id) references analysis_package (analysis_id, document_id) on delete cascade
);
create index analysis_package_override_package on analysis_package_override (package_id);

-- Packages of images as they are matched: corrections of the account are applied. The two halves keep both sides indexed.
create view image_package as
select i.account, i.digest, ap.analysis_id, ap.document_id, ap.path, ap.layer, ap.owned_by, ap.left_to_owner,
       ap.package_id, ap.package_id as found_package_id, null::uuid[] as corrections
from image i
join analysis_package ap on ap.analysis_id = i.analysis_id
where not exists (
  select 1 from analysis_package_override o
  where o.account = i.account and o.analysis_id = ap.analysis_id and o.document_id = ap.document_id)
union all
select i.account, i.digest, ap.analysis_id, ap.document_id, ap.path, ap.layer, ap.owned_by, ap.left_to_owner,
       o.package_id, ap.package_id as found_package_id, o.corrections
from image i
join analysis_package_override o on o.account = i.account and o.analysis_id = i.analysis_id
join analysis_package ap on ap.analysis_id = o.analysis_id and ap.document_id = o.document_id;

create table vulnerability_annotation (
  uuid uuid primary key,
  account text not null,
  digest text not null,
  vulnerability_id text not null,
  -- package as the API names it; all three null: every package of the image
  package_name text,
  package_version text,
  package_type text,
  status text not null check (status in ('not_affected', 'affected', 'fixed', 'under_investigation')),
  justification text,
  status_notes text,
  impact_statement text,
  action_statement text,
  additional_details text,
  author text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (account, digest) references image (account, digest) on delete cascade
);
create unique index vulnerability_annotation_subject on vulnerability_annotation
  (account, digest, vulnerability_id, coalesce(package_name, ''), coalesce(package_version, ''), coalesce(package_type, ''));

create table vex_document (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  format text not null check (format in ('openvex', 'csaf', 'cyclonedx')),
  -- id, author, version and time as the document states them
  document_id text not null,
  author text,
  document_version text,
  issued_at timestamptz,
  name text,
  -- sha256 of the bytes
  digest text not null,
  statement_count integer not null default 0,
  problems jsonb not null default '[]',
  created_by text,
  created_at timestamptz not null default now(),
  unique (account, format, document_id)
);

create table vex_statement (
  id bigint generated always as identity primary key,
  account text not null references account (name) on delete cascade,
  document_uuid uuid not null references vex_document (uuid) on delete cascade,
  -- id and aliases of the vulnerability
  vulnerability_ids text[] not null,
  status text not null,
  stated_at timestamptz,
  -- VexStatement as JSON
  statement jsonb not null
);
create index vex_statement_vulnerability on vex_statement using gin (vulnerability_ids);
create index vex_statement_document on vex_statement (document_uuid);
