-- What the watchers know of each subscription, and of the registries that they ask. Hooks by which registries tell of a
-- push themselves.

create table watch (
  subscription_id text primary key references subscription (subscription_id) on delete cascade,
  account text not null references account (name) on delete cascade,
  kind text not null check (kind in ('tag', 'repository')),
  registry text not null,
  repository text not null,
  tag text,
  -- what the registry said last: the digest of the manifest or index, the entity tag of the list of tags
  seen_digest text,
  seen_list text,
  next_check_at timestamptz not null default now(),
  -- a push was reported: look again even when a look is under way
  requested_at timestamptz,
  checked_at timestamptz,
  changed_at timestamptz,
  failures integer not null default 0,
  last_error text,
  last_reason text,
  last_event_at timestamptz,
  last_event_reason text
);
create index watch_due on watch (kind, next_check_at);
create index watch_name on watch (account, registry, repository);
create index watch_failing on watch (account) where failures > 0;

-- A registry that fails or limits requests is left alone by all watches of the account.
create table watch_registry (
  account text not null references account (name) on delete cascade,
  registry text not null,
  failures integer not null default 0,
  blocked_until timestamptz not null,
  failed_at timestamptz not null,
  last_error text not null,
  last_event_at timestamptz,
  primary key (account, registry)
);

-- A watch belongs to the subscription.
alter table subscription add column watched boolean not null default false;
create index subscription_unwatched on subscription (subscription_type) where active and not watched;

create table registry_hook (
  hook_id uuid primary key,
  account text not null references account (name) on delete cascade,
  name text not null,
  -- events are understood as being of this registry, whatever name it gives to itself
  registry text,
  -- SHA-256 of the token
  token_hash text not null unique,
  active boolean not null default true,
  created_by text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  last_used_at timestamptz,
  received bigint not null default 0,
  refused bigint not null default 0,
  last_refusal text
);
create index registry_hook_account on registry_hook (account, created_at);
