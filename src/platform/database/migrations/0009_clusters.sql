-- Clusters whose inventory the server reads itself.
create table inventory_cluster (
  account text not null references account (name) on delete cascade,
  cluster_name text not null,
  -- tells a cluster from a later one of the same name
  cluster_id uuid not null unique default gen_random_uuid(),
  inventory_type text not null default 'kubernetes' check (inventory_type in ('kubernetes')),
  cluster_server text not null,
  -- as given: base64 of PEM
  cluster_certificate text not null,
  client_certificate text,
  credential_type text not null check (credential_type in ('token', 'private_key')),
  -- encrypted
  credential text not null,
  -- empty: every namespace
  namespaces jsonb not null default '[]',
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  next_poll_at timestamptz not null default now(),
  last_poll_at timestamptz,
  last_success_at timestamptz,
  last_error_at timestamptz,
  -- null after a success
  last_error text,
  last_error_reason text,
  -- the last event about a failure: not every poll raises one
  last_event_at timestamptz,
  last_event_reason text,
  last_namespaces integer,
  last_images integer,
  primary key (account, cluster_name)
);
create index inventory_cluster_due on inventory_cluster (next_poll_at);
