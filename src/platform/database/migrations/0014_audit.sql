-- Who changed what. Rows are written as the changes happen and sealed soon after: each seal covers the entry and the seal
-- before it, with a key that is not in the database.
create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- no references: entries outlive accounts and users
  account text not null,
  username text,
  user_account text,
  credential text,
  operation text not null,
  method text not null,
  params jsonb not null,
  outcome text not null check (outcome in ('success', 'failure')),
  status integer not null,
  reason text,
  address text not null,
  request_id text not null,
  -- order of sealing; null = not sealed yet
  seal_number bigint unique,
  previous_seal text,
  seal text
);
create index audit_entry_listing on audit_entry (id desc, account);
create index audit_entry_account on audit_entry (account, id desc);
create index audit_entry_unsealed on audit_entry (id) where seal_number is null;
