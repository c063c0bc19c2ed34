import { sql } from 'kysely';
import type { Db } from '../database/types.ts';
import type { JobView } from './types.ts';

/** Begins the made-up keys of jobs that were sent without one. */
export const NO_KEY = '#';

interface Row {
  id: string;
  kind: string;
  key: string | null;
  state: string;
  attempt: number;
  progress: Record<string, unknown> | null;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
}

export interface JobFilter {
  id?: string;
  kind?: string;
  key?: string;
  state?: JobView['state'][];
  limit?: number;
}

/** Jobs, newest first. */
export async function listJobs(db: Db, filter: JobFilter): Promise<JobView[]> {
  const conditions = [sql`left(j.name, 2) <> '__'`];
  if (filter.id !== undefined) conditions.push(sql`j.id = ${filter.id}`);
  if (filter.kind !== undefined) conditions.push(sql`j.name = ${filter.kind}`);
  if (filter.key !== undefined) conditions.push(sql`j.singleton_key = ${filter.key}`);
  if (filter.state) {
    const states = filter.state.map((state) => (state === 'queued' ? 'created' : state));
    conditions.push(sql`j.state::text = any(${states})`);
  }
  const { rows } = await sql<Row>`
    select j.id, j.name as kind, j.singleton_key as key, j.state::text as state,
      j.retry_count + case when j.started_on is null then 0 else 1 end as attempt,
      p.progress, coalesce(j.output ->> 'message', j.output -> 'value' ->> 'message', j.output ->> 'value') as error,
      j.created_on as created_at, j.started_on as started_at, j.completed_on as completed_at
    from pgboss.job j left join job_progress p on p.job_id = j.id
    where ${sql.join(conditions, sql` and `)}
    order by j.created_on desc, j.id
    limit ${filter.limit ?? 100}`.execute(db);
  return rows.map(toView);
}

function toView(row: Row): JobView {
  const failed = row.state === 'failed' || row.state === 'retry';
  return {
    id: row.id,
    kind: row.kind,
    ...(row.key && !row.key.startsWith(NO_KEY) ? { key: row.key } : {}),
    state: (row.state === 'created' ? 'queued' : row.state) as JobView['state'],
    attempt: row.attempt,
    ...(row.progress ? { progress: row.progress } : {}),
    ...(failed && row.error ? { error: row.error } : {}),
    created_at: row.created_at.toISOString(),
    ...(row.started_at ? { started_at: row.started_at.toISOString() } : {}),
    ...(row.completed_at ? { completed_at: row.completed_at.toISOString() } : {}),
  };
}

/** Jobs that wait or run, by kind. */
export async function countJobs(db: Db): Promise<{ kind: string; open: number }[]> {
  const { rows } = await sql<{ kind: string; open: number }>`
    select name as kind, count(*) as open from pgboss.job
    where state <= 'active' and left(name, 2) <> '__' group by name`.execute(db);
  return rows;
}
