import type { Database, Db } from '#platform/database/types.ts';
import { type ServiceState, stateAt } from './service-state.ts';
import {
  beat,
  deleteService,
  deleteServicesOf,
  listServices,
  type ServiceRow,
  setServiceDetail,
} from './service-store.ts';

/** What a process can be asked to do. */
export type ProcessRole = 'api' | 'worker' | 'scheduler';

/**
 * Services that a role plays. Clients wait for catalog, apiext, policy_engine, simplequeue and analyzer; here they
 * are parts of one program.
 */
const SERVICES: Record<ProcessRole, readonly string[]> = {
  api: ['apiext', 'reports'],
  worker: ['analyzer', 'policy_engine', 'reports_worker', 'notifications'],
  scheduler: ['catalog', 'simplequeue', 'data_syncer'],
};

/** A service that went down, was given up, or was forgotten. */
export interface ServiceTransition {
  service_name: string;
  host_id: string;
  base_url: string;
  state: Exclude<ServiceState, 'available'>;
}

/** Writes the heartbeat of this process and watches that of all. */
export interface ServiceRegistry {
  /** Names played by this process. */
  services: readonly string[];
  /** Writes one heartbeat. */
  beat(): Promise<void>;
  /** Tells of services whose state changed since the last sweep, and forgets those long gone. One scheduler calls it. */
  sweep(): Promise<void>;
  /** Beats at once and every `everySeconds` until stopped. */
  start(everySeconds?: number): Promise<void>;
  /** Stops beating and takes the services of this process off the list. */
  stop(): Promise<void>;
}

export interface ServiceRegistryOptions {
  database: Database;
  roles: readonly ProcessRole[];
  hostId: string;
  baseUrl: string;
  version: string;
  /** Called in the transaction that notes the change, so that an event can be written with it. */
  onTransition?: (tx: Db, transition: ServiceTransition) => Promise<void>;
  /** Told of failed heartbeats. */
  onError?: (error: unknown) => void;
}

/** Creates the registry. */
export function createServiceRegistry(options: ServiceRegistryOptions): ServiceRegistry {
  const { database, hostId, baseUrl, version } = options;
  const services = [...new Set(options.roles.flatMap((role) => SERVICES[role]))];
  let timer: NodeJS.Timeout | undefined;

  const writeBeat = (): Promise<void> => beat(database.db, { hostId, baseUrl, version }, services);

  async function note(row: ServiceRow): Promise<void> {
    const state = stateAt(row.age_seconds);
    if (state === 'available' || row.detail.told === state) return;
    const { service_name, host_id, base_url } = row;
    await database.transaction(async (tx) => {
      if (state === 'removed') await deleteService(tx, service_name, host_id);
      else await setServiceDetail(tx, row, { ...row.detail, told: state });
      await options.onTransition?.(tx, { service_name, host_id, base_url, state });
    });
  }

  return {
    services,
    beat: writeBeat,
    async sweep() {
      for (const row of await listServices(database.db)) await note(row);
    },
    async start(everySeconds = 30) {
      await writeBeat();
      timer = setInterval(() => {
        writeBeat().catch((error: unknown) => options.onError?.(error));
      }, everySeconds * 1000);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await deleteServicesOf(database.db, hostId, services);
    },
  };
}
