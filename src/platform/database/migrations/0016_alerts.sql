-- Alerts about tags that violate the active policy, opened and closed by state, and action plans that were sent.

create table compliance_alert (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  state text not null check (state in ('open', 'closed')),
  image_digest text not null,
  registry text not null,
  repository text not null,
  -- full tag
  image_tag text not null,
  policy_id text not null,
  evaluation_id bigint not null,
  evaluated_at timestamptz not null,
  reason text not null,
  violations integer not null,
  closed_by text,
  closed_reason text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create unique index compliance_alert_open on compliance_alert (account, image_tag, image_digest, policy_id) where state = 'open';
create index compliance_alert_listing on compliance_alert (account, state, created_at desc);

create table action_plan (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  plan jsonb not null,
  image_tag text,
  image_digest text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index action_plan_listing on action_plan (account, created_at desc);
