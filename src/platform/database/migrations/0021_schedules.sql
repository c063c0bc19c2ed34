-- Metrics over time, and queries that run by a schedule with what they found.

-- All metrics of an account at one moment, by id.
create table metric_sample (
  account text not null references account (name) on delete cascade,
  collected_at timestamptz not null,
  -- {metric id: whole number}
  readings jsonb not null,
  primary key (account, collected_at)
);
create index metric_sample_newest on metric_sample (collected_at desc, account);

create table scheduled_query (
  -- 32 hexadecimal digits
  uuid text primary key,
  -- queries over all accounts are kept by the account of the administrators
  account text not null references account (name) on delete cascade,
  scope text not null default 'account' check (scope in ('account', 'global')),
  name text not null,
  description text,
  cron_schedule text not null,
  -- IANA name of the zone that the schedule is read in
  time_zone text not null default 'UTC',
  query text not null,
  variables jsonb not null default '{}',
  -- [{path, heading}]: columns of CSV in order; null: all that the query selects
  result_columns jsonb,
  enabled boolean not null default true,
  -- keep only rows that the run before did not have
  delta boolean not null default false,
  -- null: the setting of the server
  keep_count integer,
  keep_days integer,
  timeout_seconds integer,
  created_by text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  last_executed_at timestamptz,
  -- null: never
  next_execution_at timestamptz
);
create index scheduled_query_listing on scheduled_query (account, scope, name, uuid);
create index scheduled_query_due on scheduled_query (next_execution_at) where enabled;

create table scheduled_query_execution (
  -- 32 hexadecimal digits
  uuid text primary key,
  account text not null references account (name) on delete cascade,
  query_uuid text not null references scheduled_query (uuid) on delete cascade,
  scope text not null default 'account' check (scope in ('account', 'global')),
  status text not null default 'queued' check (status in ('queued', 'running', 'complete', 'failed', 'cancelled')),
  -- what started it
  cause text not null default 'request' check (cause in ('schedule', 'request')),
  requested_by text,
  -- what it runs, as it was when it was asked for: {query, variables, columns, delta, timeoutSeconds}
  request jsonb not null,
  job_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- rows so far while it runs
  row_count bigint not null default 0,
  page_count bigint not null default 0,
  error_message text,
  -- where its objects lie; null: nothing was stored
  object_prefix text,
  manifest jsonb
);
create index scheduled_query_execution_listing on scheduled_query_execution (account, scope, created_at desc, uuid desc);
create index scheduled_query_execution_query on scheduled_query_execution (query_uuid, created_at desc);
create index scheduled_query_execution_open on scheduled_query_execution (query_uuid) where status in ('queued', 'running');
