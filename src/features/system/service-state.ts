import type { Service } from '#contract/system.ts';
import type { ServiceRow } from './service-store.ts';
import { COMPATIBLE_VERSION } from './versions.ts';

/** How a service stands, by the age of its last heartbeat. */
export type ServiceState = 'available' | 'down' | 'orphaned' | 'removed';

/** Ages in seconds from which a service counts as down, as orphaned, and is forgotten. */
export const SERVICE_AGES = { down: 300, orphaned: 3600, removed: 86_400 } as const;

/** State of a service by the age of its heartbeat in seconds. */
export function stateAt(ageSeconds: number): ServiceState {
  if (ageSeconds >= SERVICE_AGES.removed) return 'removed';
  if (ageSeconds >= SERVICE_AGES.orphaned) return 'orphaned';
  return ageSeconds >= SERVICE_AGES.down ? 'down' : 'available';
}

/** A service as the API shows it. */
export function presentService(row: ServiceRow, schemaVersion: string): Service {
  const state = stateAt(row.age_seconds);
  const up = state === 'available';
  return {
    service_name: row.service_name,
    host_id: row.host_id,
    base_url: row.base_url,
    status: up,
    status_message: state,
    version: COMPATIBLE_VERSION,
    service_detail: {
      available: up,
      busy: false,
      up,
      message: up ? 'all good' : `no heartbeat for ${Math.round(row.age_seconds)} s`,
      version: COMPATIBLE_VERSION,
      db_version: schemaVersion,
      detail: { program_version: row.version, heartbeat_at: row.heartbeat_at.toISOString() },
    },
  };
}
