-- Policy documents by content, so that history can show the rules an evaluation was made with.
create table policy_document (
  digest text primary key,
  document jsonb not null,
  created_at timestamptz not null default now()
);

alter table evaluation
  -- made with the policy that was active then: only these raise events
  add column by_active_policy boolean not null default true;
create index evaluation_tag on evaluation (account, digest, tag, evaluated_at desc) where by_active_policy;
