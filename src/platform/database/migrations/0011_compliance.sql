-- Runs of a checking program on a container, as its user reported them. The digest need not be that of a known image.
create table compliance_check (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  check_type text not null check (check_type in ('oscap')),
  image_digest text not null,
  image_tag text,
  namespace text,
  pod text,
  -- what the uploader says of the run
  result text,
  start_time timestamptz,
  end_time timestamptz,
  created_at timestamptz not null default now(),
  created_by text,
  -- no-results: no file that could be read came with it
  state text not null check (state in ('no-results', 'pending', 'parsed', 'failed')),
  error text,
  format text,
  benchmark_id text,
  benchmark_title text,
  benchmark_version text,
  profile_id text,
  profile_title text,
  target text,
  test_system text,
  -- when the program did its work, by its own clock
  evaluated_at timestamptz,
  verdict text check (verdict in ('pass', 'fail', 'inconclusive')),
  -- [{system, value, maximum}]
  scores jsonb not null default '[]',
  -- rules by outcome
  counts jsonb not null default '{}',
  problems jsonb not null default '[]'
);
create index compliance_check_listing on compliance_check (account, created_at desc, uuid);
create index compliance_check_image on compliance_check (account, image_digest);
create index compliance_check_workload on compliance_check (account, namespace, pod);

create table compliance_file (
  uuid uuid primary key,
  account text not null references account (name) on delete cascade,
  check_uuid uuid not null references compliance_check (uuid) on delete cascade,
  -- result_file or report_file
  name text not null,
  object_key text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  created_at timestamptz not null default now(),
  unique (check_uuid, name)
);
create index compliance_file_object on compliance_file (object_key);

-- Rules as benchmarks define them, each distinct definition once: every run of a benchmark brings the same ones.
create table compliance_rule (
  id bigint generated always as identity primary key,
  account text not null references account (name) on delete cascade,
  -- hash of the definition
  identity text not null,
  rule_id text not null,
  title text not null,
  severity text not null check (severity in ('unknown', 'info', 'low', 'medium', 'high')),
  definition jsonb not null default '{}',
  unique (account, identity)
);
create index compliance_rule_name on compliance_rule (account, rule_id);

create table compliance_rule_result (
  account text not null references account (name) on delete cascade,
  check_uuid uuid not null references compliance_check (uuid) on delete cascade,
  -- place in the file
  position integer not null,
  rule bigint not null references compliance_rule (id) on delete cascade,
  result text not null check (result in ('pass', 'fail', 'error', 'unknown', 'notapplicable', 'notchecked',
    'notselected', 'informational', 'fixed')),
  tested_at timestamptz,
  weight double precision,
  check_name text,
  instance text,
  messages text[] not null default '{}',
  primary key (check_uuid, position)
);
create index compliance_rule_result_rule on compliance_rule_result (rule);

-- STIG evaluations of images, uploaded as HDF documents.
create table stig_evaluation (
  uuid uuid primary key,
  account text not null,
  image_digest text not null,
  stig_profile text not null,
  evaluation_format text not null default 'hdfjson' check (evaluation_format in ('hdfjson')),
  object_key text not null,
  size bigint not null,
  sha256 text not null,
  controls integer not null default 0,
  counts jsonb not null default '{}',
  evaluated_at timestamptz not null,
  uploaded_at timestamptz not null default now(),
  uploaded_by text,
  foreign key (account, image_digest) references image (account, digest) on delete cascade
);
create index stig_evaluation_image on stig_evaluation (account, image_digest);
create index stig_evaluation_object on stig_evaluation (object_key);
