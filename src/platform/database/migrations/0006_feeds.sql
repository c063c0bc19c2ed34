-- A build is made of several sources. One that looks wrong waits for a person before anything is matched against it.
alter table feed_build drop constraint feed_build_state_check;
alter table feed_build add constraint feed_build_state_check
  check (state in ('building', 'ready', 'held', 'current', 'previous', 'rejected', 'failed'));
-- What it was made of: name, kind, checksum, object key, size and age of each source.
alter table feed_build add column sources jsonb not null default '[]';
-- Why it is held or was rejected, as sentences.
alter table feed_build add column reasons jsonb not null default '[]';
-- What could not be read as it should, by kind; counts of duplicates by source.
alter table feed_build add column report jsonb not null default '{}';
alter table feed_build add column decided_by text;
alter table feed_build add column decided_at timestamptz;

-- The last good copy of each source, and how the last look at it went.
create table feed_source (
  name text primary key,
  -- 'grype-v6': the database; 'records': anything that is merged into it.
  kind text not null check (kind in ('grype-v6', 'records')),
  -- 'imported' sources came as files: they stay until another file replaces them.
  origin text not null check (origin in ('configured', 'imported')),
  location text not null,
  checksum text,
  object_key text,
  size bigint,
  schema_version text,
  -- Age of the content, and when this installation got it.
  captured_at timestamptz,
  fetched_at timestamptz,
  checked_at timestamptz,
  etag text,
  last_modified text,
  -- Why the last look failed; the last good copy goes on serving.
  error text
);

-- Providers whose data is older than the operator allows.
create table feed_provider_alarm (
  provider text primary key,
  captured_at timestamptz not null,
  raised_at timestamptz not null default now()
);

-- Advisories of an account about its own software: they concern the images of that account alone.
create table private_advisory (
  account text not null references account (name) on delete cascade,
  id text not null,
  -- A record of the OSV schema.
  document jsonb not null,
  created_by text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  primary key (account, id)
);
