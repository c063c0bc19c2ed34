import { ECSClient } from '@aws-sdk/client-ecs';
import {
  type AgentEnvironment,
  agentSpool,
  backoff,
  createOutbox,
  type Outbox,
  pause,
  reportServer,
  serverCredentials,
} from '../delivery/index.ts';
import { listClusters, readCluster } from './collect.ts';
import type { EcsAgentSettings } from './configuration.ts';
import { ecsReport } from './report.ts';

/** Runs the agent: until aborted, or one report of everything. False when, with `once`, something was not done. */
export async function runEcsAgent(
  settings: EcsAgentSettings,
  environment: AgentEnvironment,
  options: { once: boolean },
): Promise<boolean> {
  const { fetcher, log, signal } = environment;
  const credentials = await serverCredentials(settings.server);
  const outbox = createOutbox({
    server: await reportServer(settings.server, fetcher),
    credentialsFor: () => credentials,
    spool: await agentSpool(
      settings.spool,
      ['ecs', settings.server.url, settings.server.username, ...settings.regions, ...settings.clusters],
      environment,
    ),
    log,
  });
  const regions: (string | undefined)[] = settings.regions.length > 0 ? settings.regions : [undefined];
  const clients = regions.map((region) => new ECSClient(region === undefined ? {} : { region }));
  const round = async (): Promise<boolean> => {
    const results: boolean[] = [];
    for (const client of clients) results.push(await reportRegion(client, settings, environment, outbox));
    return results.every(Boolean);
  };
  try {
    if (options.once) return await round();
    const waiting = outbox.run(signal);
    const interval = settings['report-interval-seconds'] * 1000;
    let failures = 0;
    while (!signal.aborted) {
      failures = (await round()) ? 0 : failures + 1;
      await pause(failures > 0 ? backoff(failures, 5_000, interval) : interval, signal);
    }
    await waiting;
    return true;
  } finally {
    for (const client of clients) client.destroy();
  }
}

/** One cluster that cannot be read does not keep the others from being reported. */
async function reportRegion(
  client: ECSClient,
  settings: EcsAgentSettings,
  { log, signal }: AgentEnvironment,
  outbox: Outbox,
): Promise<boolean> {
  let good = true;
  const attempt = async (what: Record<string, unknown>, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      log.error('ECS could not be read', { ...what, reason: (error as Error).message });
      good = false;
    }
  };
  let arns: string[] = [];
  await attempt({}, async () => {
    arns = await listClusters(client, settings.clusters, signal);
  });
  for (const arn of arns) {
    await attempt({ cluster: arn }, async () => {
      const timestamp = new Date().toISOString();
      const report = ecsReport(await readCluster(client, arn, { tags: settings.tags, signal }), timestamp);
      if ((report.containers ?? []).length === 0 && !settings['report-empty']) {
        log.info('nothing runs in the cluster', { cluster: arn });
        return;
      }
      const { account } = settings.server;
      const delivery = await outbox.deliver(
        { kind: 'ecs', cluster: arn, ...(account ? { account } : {}), timestamp, complete: true, report },
        signal,
      );
      if (delivery === 'refused' || delivery === 'lost' || delivery === 'spooled') good = false;
    });
  }
  return good;
}
