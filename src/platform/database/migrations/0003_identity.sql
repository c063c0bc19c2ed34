-- Identity beyond the core: user groups, refresh token families, browser sessions; and what the system pages show.

alter table app_user
  -- name of the identity provider of a saml user
  add column idp_name text,
  -- tokens issued before this moment are void: the password was changed or removed since
  add column credentials_changed_at timestamptz;

alter table api_key add column deleted_at timestamptz;
create index api_key_username on api_key (username);

-- Tokens made from each other by refreshing share a family; using one twice revokes the family.
alter table refresh_token
  add column family uuid not null,
  add column issued_at timestamptz not null default now(),
  add column replaced_by text;
create index refresh_token_user on refresh_token (user_uuid);
create index refresh_token_family on refresh_token (family);
create index refresh_token_expiry on refresh_token (expires_at);

create index role_member_domain on role_member (domain);

create table user_group (
  group_uuid uuid primary key,
  name text not null unique,
  description text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);

create table user_group_member (
  group_uuid uuid not null references user_group (group_uuid) on delete cascade,
  username text not null references app_user (username) on delete cascade,
  -- sso: given by the identity provider, resynchronised at login
  source text not null default 'direct' check (source in ('direct', 'sso')),
  added_on timestamptz not null default now(),
  primary key (group_uuid, username)
);
create index user_group_member_username on user_group_member (username);

-- Roles that a group gives to its members; domain as in role_member.
create table user_group_role (
  membership_id uuid primary key,
  group_uuid uuid not null references user_group (group_uuid) on delete cascade,
  domain text not null,
  role text not null,
  created_by text,
  created_at timestamptz not null default now(),
  unique (group_uuid, domain, role)
);
create index user_group_role_domain on user_group_role (domain);

-- Browser sessions. The cookie holds a random id; only its hash is kept.
create table web_session (
  id_hash text primary key,
  user_uuid uuid not null references app_user (uuid) on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index web_session_user on web_session (user_uuid);
create index web_session_expiry on web_session (expires_at);

-- All-time counts that must survive the deletion of what they count.
create table statistic (
  name text primary key,
  value bigint not null default 0
);

create function count_statistic() returns trigger language plpgsql as $$
begin
  insert into statistic (name, value) values (tg_argv[0], 1)
    on conflict (name) do update set value = statistic.value + 1;
  return null;
end
$$;

create trigger account_creation after insert on account
  for each row execute function count_statistic('account_creation');
create trigger user_creation after insert on app_user
  for each row execute function count_statistic('user_creation');
create trigger policy_creation after insert on policy
  for each row execute function count_statistic('policy_creation');

-- One row for each first start of a program version on a database version.
create table deployment (
  deployment_id uuid primary key,
  upgrade_id uuid,
  to_system_version text not null,
  from_system_version text,
  to_database_version text not null,
  from_database_version text,
  outcome text not null check (outcome in ('succeeded', 'failed')),
  db_upgrade_duration double precision not null default 0,
  created_at timestamptz not null default now()
);
