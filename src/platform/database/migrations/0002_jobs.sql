-- Progress of background jobs, shown to people. The queue itself is kept by pg-boss in its own schema.
create table job_progress (
  job_id uuid primary key,
  progress jsonb not null,
  updated_at timestamptz not null default now()
);
create index job_progress_age on job_progress (updated_at);
