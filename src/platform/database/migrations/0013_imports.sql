-- Analyses that a client made: they are believed only in the account that sent them, and uploads on their way to become one.

alter table analysis
  -- null: made here from verified bytes, and shared by all accounts; else the account that sent it
  add column account text references account (name) on delete cascade;
alter table analysis drop constraint analysis_digest_key;
create unique index analysis_shared on analysis (digest) where account is null;
create unique index analysis_sent on analysis (account, digest) where account is not null;

create table image_import (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  status text not null check (status in ('pending', 'queued', 'processing', 'complete', 'failed', 'expired')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_updated timestamptz not null default now()
);
create index image_import_listing on image_import (account, created_at desc);

create table image_import_content (
  import uuid not null references image_import (uuid) on delete cascade,
  kind text not null,
  -- SHA-256 of the bytes as they came, hexadecimal
  digest text not null,
  object_key text not null,
  size bigint not null,
  created_at timestamptz not null default now(),
  primary key (import, kind, digest)
);
