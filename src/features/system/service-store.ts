import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** One service of one process, as last heard of. */
export interface ServiceRow {
  service_name: string;
  host_id: string;
  base_url: string;
  version: string;
  detail: Record<string, unknown>;
  heartbeat_at: Date;
  /** Seconds since the last heartbeat, by the clock of the database. */
  age_seconds: number;
}

const COLUMNS = sql`
  service_name, host_id, base_url, version, detail, heartbeat_at,
  extract(epoch from now() - heartbeat_at)::float8 as age_seconds`;

/** Services by name and host; each filter given must hold. */
export async function listServices(db: Db, filter: { name?: string; host?: string } = {}): Promise<ServiceRow[]> {
  const { name = null, host = null } = filter;
  const { rows } = await sql<ServiceRow>`
    select ${COLUMNS} from service
    where (${name}::text is null or service_name = ${name}) and (${host}::text is null or host_id = ${host})
    order by service_name, host_id`.execute(db);
  return rows;
}

/** Notes that the services of a process are alive. */
export async function beat(
  db: Db,
  process: { hostId: string; baseUrl: string; version: string },
  services: readonly string[],
): Promise<void> {
  await sql`
    insert into service (service_name, host_id, base_url, version, detail, heartbeat_at)
    select name, ${process.hostId}, ${process.baseUrl}, ${process.version}, '{}'::jsonb, now()
    from unnest(${services}::text[]) as name
    on conflict (service_name, host_id) do update
      set base_url = excluded.base_url, version = excluded.version, detail = '{}'::jsonb, heartbeat_at = now()
  `.execute(db);
}

/** Forgets a service; false when there is none. */
export async function deleteService(db: Db, name: string, host: string): Promise<boolean> {
  const result = await sql`delete from service where service_name = ${name} and host_id = ${host}`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Forgets the services of a process that stops. */
export async function deleteServicesOf(db: Db, host: string, services: readonly string[]): Promise<void> {
  await sql`delete from service where host_id = ${host} and service_name = any (${services}::text[])`.execute(db);
}

/** Stores what was told about a service last, so that it is told once. */
export async function setServiceDetail(db: Db, row: ServiceRow, detail: Record<string, unknown>): Promise<void> {
  await sql`
    update service set detail = ${json(detail)}::jsonb
    where service_name = ${row.service_name} and host_id = ${row.host_id} and heartbeat_at = ${row.heartbeat_at}
  `.execute(db);
}
