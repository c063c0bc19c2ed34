-- Who is told what, and the deliveries on their way. The event table itself is the outbox: an event stays undispatched
-- until its deliveries are written, in one transaction.

alter table event add column dispatched boolean not null default false;
-- What happened before there was anybody to tell stays untold.
update event set dispatched = true;
create index event_undispatched on event (created_at) where not dispatched;

create table notification_endpoint (
  name text primary key,
  enabled boolean not null,
  last_updated timestamptz not null default now()
);

create table notification_configuration (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  endpoint text not null,
  description text,
  -- what may be shown
  settings jsonb not null,
  -- encrypted JSON of what may not
  secrets text,
  -- {template, digest_minutes, quiet_hours, per_minute}
  options jsonb not null default '{}',
  status text not null default 'unknown' check (status in ('unknown', 'healthy', 'unhealthy')),
  last_error text,
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  -- no delivery is tried before: set by failures, rate limits and quiet hours
  paused_until timestamptz,
  failures integer not null default 0,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index notification_configuration_account on notification_configuration (account, endpoint);

create table notification_selector (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  configuration uuid not null references notification_configuration (uuid) on delete cascade,
  scope text not null check (scope in ('account', 'global')),
  level text not null,
  resource_type text not null,
  type text not null,
  -- type as a pattern of LIKE
  type_pattern text not null,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index notification_selector_configuration on notification_selector (configuration);

create table notification_delivery (
  id uuid primary key,
  account text not null references account (name) on delete cascade,
  configuration uuid not null references notification_configuration (uuid) on delete cascade,
  -- null: an action that somebody asked for
  event_id uuid,
  -- the event as it was, or the message
  content jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'sending', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  error text,
  response text,
  created_at timestamptz not null default now(),
  delivered_at timestamptz
);
create unique index notification_delivery_event on notification_delivery (configuration, event_id) where event_id is not null;
create index notification_delivery_due on notification_delivery (configuration, next_attempt_at) where state in ('pending', 'sending');
create index notification_delivery_listing on notification_delivery (account, created_at desc);
create index notification_delivery_over on notification_delivery (created_at) where state in ('delivered', 'dead');
create index notification_delivery_rate on notification_delivery (configuration, delivered_at) where delivered_at is not null;
