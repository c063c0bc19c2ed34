-- How stored matches follow the vulnerability data: runs, what each package was matched in, and what a run changed.

-- A run brings all packages from one build, or one set of rules of matching, to another. Results of the current run and
-- of former ones hold: a run matches again what its build touches, all else is left as it is and holds on. When a run
-- had to match everything, those before it have ended.
create table match_run (
  id bigint generated always as identity primary key,
  -- build that it leads to, and build with version and settings of the matcher
  checksum text not null,
  stamp text not null,
  -- where it started; null: everything was matched
  from_run bigint,
  from_checksum text,
  state text not null check (state in ('running', 'current', 'former', 'ended')),
  -- it follows one that was broken off: facts of vulnerabilities may be of that one's build
  mends boolean not null default false,
  -- {matched, opened, closed, keys …}, for people
  counts jsonb not null default '{}',
  started_at timestamptz not null default now(),
  completed_at timestamptz
);
create unique index match_run_running on match_run ((true)) where state = 'running';
create unique index match_run_current on match_run ((true)) where state = 'current';

-- Kept apart from "package", whose rows are wide and have many indices.
create table package_result (
  package_id bigint primary key references package (id) on delete cascade,
  -- run that it was last matched in
  run bigint not null,
  -- run in which it got its first result
  first_run bigint not null,
  -- of matches, suppressed matches and coverage: an equal one means that nothing has to be written
  digest text not null
) with (fillfactor = 50);

comment on column package.matched_with is
  'build, matcher version and settings of the first result or of the last one that differed; null = never matched. Whether a result holds is told by package_result';

-- Runs that opened or closed a match that was known before; null for what a new analysis brought.
alter table package_match
  add column opened_run bigint,
  add column closed_run bigint;
create index package_match_opened_run on package_match (opened_run) where opened_run is not null;
create index package_match_closed_run on package_match (closed_run) where closed_run is not null;

-- Facts of a vulnerability that a run changed, without its matches being touched.
create table vulnerability_change (
  run bigint not null,
  id text not null,
  namespace text not null,
  -- {severity, kev, cvss}
  before jsonb not null,
  after jsonb not null,
  primary key (run, id, namespace)
);
create index vulnerability_aliases on vulnerability using gin ((detail -> 'aliases'));
create index vulnerability_record on vulnerability (provider, lower(id));

-- Images that show something else after a run: what policies are judged again for. Kept for the latest runs.
create table match_run_image (
  run bigint not null,
  account text not null,
  digest text not null,
  analysis_id bigint not null,
  -- a match that was known before changed, or facts of one: not only that a package got its first result
  news boolean not null,
  primary key (run, account, digest)
);
