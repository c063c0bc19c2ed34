import { clusterRoutes, createClusterService, followDuePolls, pollJob } from '#features/clusters/index.ts';
import type { Part, Wiring } from './part.ts';

/** Clusters whose inventory the server reads itself. */
export function wireClusters({ platform, inventory }: Wiring): Part {
  const { config, database, jobs, log, outbound, secrets } = platform;
  const seconds = config.watchers.cluster_inventory_seconds;
  const clusters = createClusterService({
    database,
    jobs,
    encrypt: secrets.encryptSecret,
    interval: () => seconds,
  });
  jobs.define(
    pollJob({ database, fetcher: outbound, decrypt: secrets.decryptSecret, ingest: inventory.ingestKaiReport }),
  );
  let following: ReturnType<typeof followDuePolls> | undefined;
  return {
    routes: clusterRoutes(clusters),
    async start() {
      if (!config.server.roles.includes('scheduler')) return;
      following = followDuePolls(database, jobs, seconds, (error) =>
        log.error({ err: error }, 'looking for clusters to read'),
      );
    },
    async stop() {
      await following?.stop();
    },
  };
}
