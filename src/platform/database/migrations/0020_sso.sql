-- Sign-in through identity providers: SAML 2.0 and OpenID Connect. They belong to the installation, not to an account.
create table identity_provider (
  name text primary key,
  kind text not null check (kind in ('saml', 'oidc')),
  enabled boolean not null,
  -- SAML entity id or OIDC issuer: the "source" of its users
  entity_id text not null,
  -- what the API shows, without the name
  settings jsonb not null,
  -- SAML: the metadata in use, given or fetched
  metadata_xml text,
  metadata_fetched_at timestamptz,
  -- OIDC: AES-256-GCM envelope, never returned
  client_secret text,
  created_at timestamptz not null default now(),
  last_updated timestamptz not null default now()
);
create index identity_provider_entity on identity_provider (entity_id);

-- User groups which the provider's groups attribute may put users into.
create table identity_provider_group (
  provider text not null references identity_provider (name) on delete cascade,
  group_uuid uuid not null references user_group (group_uuid) on delete cascade,
  mapped_on timestamptz not null default now(),
  primary key (provider, group_uuid)
);
create index identity_provider_group_uuid on identity_provider_group (group_uuid);

-- Messages that were used up: each assertion, login request and login code counts once. The id is a hash that covers
-- the issuer, so that removing a provider and adding it again opens no second use.
create table identity_message (
  id text primary key,
  expires_at timestamptz not null
);
create index identity_message_expiry on identity_message (expires_at);

-- OIDC: the subject by which the provider knows the user. A name may be given to another person, a subject is not.
alter table app_user add column external_subject text;
create index app_user_provider on app_user (idp_name) where idp_name is not null;
