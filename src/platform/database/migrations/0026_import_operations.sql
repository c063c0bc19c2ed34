-- Imports of images and of sources are one kind of operation: parts are collected, then used up.

create table import_operation (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  -- what the parts become
  subject text not null check (subject in ('image', 'source')),
  status text not null check (status in ('pending', 'queued', 'processing', 'complete', 'failed', 'expired')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_updated timestamptz not null default now()
);
create index import_operation_listing on import_operation (account, subject, created_at desc);
create index import_operation_expiry on import_operation (expires_at);

create table import_content (
  import uuid not null references import_operation (uuid) on delete cascade,
  kind text not null,
  -- SHA-256 of the bytes as they came, hexadecimal
  digest text not null,
  object_key text not null,
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (import, kind, digest)
);

insert into import_operation (uuid, account, subject, status, created_at, expires_at, last_updated)
select uuid, account, 'image', status, created_at, expires_at, last_updated from image_import
union all
select uuid, account, 'source', status, created_at, expires_at, last_updated from source_import;

insert into import_content (import, kind, digest, object_key, size, created_at)
select import, kind, digest, object_key, size, created_at from image_import_content
union all
select import, 'sbom', digest, object_key, size, created_at from source_import_content;

drop table image_import_content, source_import_content, image_import, source_import;
