-- Failed logins, shared by all processes. A key is the hash of a user, an address, or both: nothing here names anybody.
create table login_failure (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  -- no attempt before this moment
  blocked_until timestamptz not null,
  -- from then on the failures are forgotten
  forgotten_at timestamptz not null
);
create index login_failure_forgotten on login_failure (forgotten_at);

-- Where users signed in before (hash of user and address): strangers cannot lock them out there.
create table login_home (
  key text primary key,
  seen_at timestamptz not null
);
create index login_home_seen on login_home (seen_at);

-- Sessions that an identity provider began: it may end them, and is told when the user does.
alter table web_session
  add column idp_name text,
  -- hashes of the user and of the session as the provider calls them
  add column idp_subject text,
  add column idp_session text,
  -- AES-256-GCM envelope: what a logout at the provider has to say
  add column idp_logout text;
create index web_session_idp on web_session (idp_name, idp_subject) where idp_name is not null;
create index web_session_idp_session on web_session (idp_name, idp_session) where idp_session is not null;
