import { sql } from 'kysely';
import type { Db } from '../database/types.ts';

/** A run of a job by this process. `retry_count` tells it from a run of the same job elsewhere. */
export interface Lease {
  kind: string;
  id: string;
  retry_count: number;
}

/** How often a job may outlive the process that ran it, before it counts as what killed it. */
const TAKEOVERS = 5;

/** Renews leases. Returns the ids of those which are still held: the others were cancelled or taken over. */
export async function renewLeases(db: Db, leases: Lease[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update pgboss.job j set heartbeat_on = now()
    from unnest(${leases.map((lease) => lease.kind)}::text[], ${leases.map((lease) => lease.id)}::uuid[],
      ${leases.map((lease) => lease.retry_count)}::int[]) as l (kind, id, retry_count)
    where j.name = l.kind and j.id = l.id and j.state = 'active' and j.retry_count = l.retry_count
    returning j.id`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Locks the row of a run, inside of a transaction; false when the run is not this process's any more. */
export async function holdsLease(tx: Db, { kind, id, retry_count }: Lease): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pgboss.job where name = ${kind} and id = ${id} and state = 'active' and retry_count = ${retry_count}
    for update`.execute(tx);
  return rows.length > 0;
}

/** Gives a run back, to be run again at once; it does not count as a try. */
export async function releaseLease(db: Db, { kind, id, retry_count }: Lease): Promise<void> {
  await sql`
    update pgboss.job set state = 'retry', start_after = now(), retry_limit = retry_limit + 1, heartbeat_on = null
    where name = ${kind} and id = ${id} and state = 'active' and retry_count = ${retry_count}`.execute(db);
}

/** A run whose process went silent. */
export interface LostRun {
  kind: string;
  id: string;
  /** It was lost so often that it is not given to another process. */
  given_up: boolean;
  data: unknown;
}

/**
 * Puts runs without a heartbeat for the time of their kind back into the queue. Those lost too often stay: the caller
 * fails them.
 */
export async function takeOver(
  db: Db,
  kinds: { kind: string; leaseSeconds: number; retries: number }[],
): Promise<LostRun[]> {
  const { rows } = await sql<LostRun>`
    with lost as (
      select j.name, j.id, j.data, j.retry_limit - k.retries >= ${TAKEOVERS} as given_up
      from pgboss.job j
      join unnest(${kinds.map((k) => k.kind)}::text[], ${kinds.map((k) => k.leaseSeconds)}::float8[], ${kinds.map((k) => k.retries)}::int[])
        as k (kind, lease, retries) on k.kind = j.name
      where j.state = 'active' and coalesce(j.heartbeat_on, j.started_on) < now() - make_interval(secs => k.lease)
      for update of j skip locked
    ), freed as (
      update pgboss.job j set state = 'retry', start_after = now(), retry_limit = j.retry_limit + 1, heartbeat_on = null
      from lost where j.name = lost.name and j.id = lost.id and not lost.given_up
      returning j.id
    )
    select name as kind, id, given_up, data from lost`.execute(db);
  return rows;
}

/** Kinds, of those named, that have a job to run now. */
export async function readyKinds(db: Db, kinds: string[]): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    select k.kind from unnest(${kinds}::text[]) as k (kind)
    where exists (
      select from pgboss.job j where j.name = k.kind and j.state < 'active' and not j.blocked and j.start_after <= now()
    )`.execute(db);
  return rows.map((row) => row.kind);
}
