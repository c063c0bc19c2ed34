import {
  createIntegrationService,
  INTEGRATION_WATCH_JOB,
  integrationRoutes,
  integrationWatchJob,
} from '#features/integrations/index.ts';
import {
  INVENTORY_WATCH_JOB,
  inventoryRoutes,
  inventoryStatistics,
  inventoryWatchJob,
  noteRefusedReport,
  PURGE_JOB,
  purgeJob,
  runningRoutes,
  shadowedSettings,
} from '#features/inventory/index.ts';
import { v1InventoryRoutes } from '#features/v1/index.ts';
import type { Part, Wiring } from './part.ts';

/** Runtime inventory: what the agents of clusters report. */
export function wireInventory({ platform, live, accounts, images, inventory, statistics }: Wiring): Part {
  const { database, jobs, log, config } = platform;
  jobs.define(
    purgeJob(inventory, (removed) => log.info(removed, 'runtime inventory that was not seen any more removed')),
  );
  accounts.authorizer.onRefused(async (refusal) => {
    if (refusal.action === 'syncInventory') await noteRefusedReport({ database }, refusal);
  });
  jobs.define(inventoryWatchJob({ inventory, images }));
  const integrations = createIntegrationService({ database });
  jobs.define(integrationWatchJob(integrations, () => live.settings.retention.integration_health_days));
  for (const statistic of inventoryStatistics()) statistics.add(statistic);
  for (const shadowed of shadowedSettings(live.settings.retention)) {
    log.warn(shadowed, `retention.${shadowed.ignored} has no effect beside retention.${shadowed.because}`);
  }
  const routes = inventoryRoutes({ inventory, require: accounts.authorizer.require });
  return {
    routes: [
      ...routes,
      ...runningRoutes(inventory),
      ...integrationRoutes(integrations),
      ...v1InventoryRoutes(routes, inventory),
    ],
    async start() {
      await jobs.schedule(PURGE_JOB, '17 3 * * *', {});
      const minutes = Math.floor(config.watchers.inventory_seconds / 60);
      if (config.watchers.inventory_seconds > 0)
        await jobs.schedule(INVENTORY_WATCH_JOB, `*/${Math.min(Math.max(minutes, 1), 59)} * * * *`, {});
      await jobs.schedule(INTEGRATION_WATCH_JOB, '* * * * *', {});
    },
  };
}
