import type { Config } from '#platform/config/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { type ConfigurationNote, createConfigurationService } from './configuration-service.ts';
import { recordDeployment } from './deployments.ts';
import type { LiveSettings } from './live-settings.ts';
import { createLogLevels } from './log-levels.ts';
import { configurationRoutes, systemRoutes, usageRoutes } from './routes.ts';
import {
  createServiceRegistry,
  type ProcessRole,
  type ServiceRegistry,
  type ServiceTransition,
} from './service-registry.ts';
import { createStatistics, type Statistics } from './statistics.ts';
import type { Versions } from './versions.ts';

export { createLiveSettings, type LiveSettings } from './live-settings.ts';
export type { ServiceTransition } from './service-registry.ts';
export type { Statistic } from './statistics.ts';
export { COMPATIBLE_VERSION } from './versions.ts';

export interface SystemOptions {
  database: Database;
  versions: Versions;
  live: LiveSettings;
  /** This process, as the list of services shows it. */
  process: { roles: readonly ProcessRole[]; hostId: string; baseUrl: string };
  /** Sets the log level of a service in this process; undefined = the configured one. */
  applyLogLevel: (service: string, level: string | undefined) => void;
  /** Called in the transaction that notes that a service went down. */
  onServiceTransition?: (tx: Db, transition: ServiceTransition) => Promise<void>;
  /** Called in the transaction that changes a setting. */
  onConfigurationChange?: (tx: Db, note: ConfigurationNote) => Promise<void>;
  onError?: (error: unknown) => void;
}

/** What the installation says about itself, and its settings. */
export interface System {
  routes: BoundOperation[];
  services: ServiceRegistry;
  /** Other features add their numbers here. */
  statistics: Statistics;
  settings: Config;
  /** Notes the deployment, starts the heartbeat and follows other processes. */
  start(upgradeSeconds?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the feature together. */
export function createSystem(options: SystemOptions): System {
  const { database, versions, live } = options;
  const statistics = createStatistics(database.db);
  const levels = createLogLevels({ database, apply: options.applyLogLevel });
  const configurations = createConfigurationService({
    database,
    live,
    onChange: options.onConfigurationChange,
  });
  const services = createServiceRegistry({
    database,
    ...options.process,
    version: versions.program,
    ...(options.onServiceTransition ? { onTransition: options.onServiceTransition } : {}),
    ...(options.onError ? { onError: options.onError } : {}),
  });
  const routeOptions = { db: database.db, versions, levels, statistics, configurations };
  let stopFollowing: (() => Promise<void>)[] = [];
  return {
    routes: [...systemRoutes(routeOptions), ...usageRoutes(routeOptions), ...configurationRoutes(routeOptions)],
    services,
    statistics,
    settings: live.settings,
    async start(upgradeSeconds) {
      await recordDeployment(database, versions, upgradeSeconds);
      await services.start();
      stopFollowing = [await levels.follow(), await live.follow()];
    },
    async stop() {
      for (const stop of stopFollowing) await stop();
      await services.stop();
    },
  };
}
