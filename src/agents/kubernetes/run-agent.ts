import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import {
  type AgentEnvironment,
  agentSpool,
  type Credentials,
  createIntegration,
  createOutbox,
  type Integration,
  type ReportServer,
  reportServer,
  serverCredentials,
} from '../delivery/index.ts';
import { createKubernetesClient, DEFAULT_LIMITS } from './client.ts';
import { type ClusterAgent, createClusterAgent } from './cluster-agent.ts';
import type { KubernetesAgentSettings } from './configuration.ts';
import { inClusterConnection, kubeconfigConnection, type NamedConnection } from './kubeconfig.ts';

const WATCH_SECONDS = 290;
/** Each watched namespace holds a connection; with more of them the cluster is read at intervals. */
const MOST_WATCHED = 20;

/** Runs the agent: until aborted, or one report of everything. False when, with `once`, something was not accepted. */
export async function runKubernetesAgent(
  settings: KubernetesAgentSettings,
  environment: AgentEnvironment,
  options: { once: boolean },
): Promise<boolean> {
  const { fetcher, log, signal } = environment;
  const server = await reportServer(settings.server, fetcher);
  const { url, username } = settings.server;
  const spool = await agentSpool(
    settings.spool,
    ['kubernetes', url, username, JSON.stringify(settings.clusters)],
    environment,
  );
  const credentialsFor = await credentials(settings);
  const integrations = new Map<string, Integration>();
  const outbox = createOutbox({
    server,
    credentialsFor,
    spool,
    log,
    onDelivery: (report, ...told) => integrations.get(report.cluster)?.noteDelivery(report, ...told),
  });
  const agents: { name: string; agent: ClusterAgent }[] = [];
  for (const cluster of settings.clusters) {
    const { clusterName, connection } = await connect(cluster, environment);
    const name = cluster.name ?? clusterName;
    const integration = integrationOf(settings, environment, server, credentialsFor(undefined), name);
    integrations.set(name, integration);
    const client = createKubernetesClient(fetcher, connection, {
      ...DEFAULT_LIMITS,
      timeoutMs: settings['request-timeout-seconds'] * 1000,
      pageSize: settings['page-size'],
    });
    const agent = createClusterAgent({
      client,
      ...agentOptions(settings, name),
      outbox,
      log,
      onError: integration.noteError,
    });
    agents.push({ name, agent });
  }
  if (options.once) {
    const results = await Promise.all(agents.map(({ name, agent }) => onceOrReport(agent, name, environment)));
    return results.every(Boolean);
  }
  const watched = settings.mode === 'watch' && settings.namespaces.include.length <= MOST_WATCHED;
  if (settings.mode === 'watch' && !watched) {
    log.info('too many namespaces are named to watch each; they are read at intervals', { most: MOST_WATCHED });
  }
  await Promise.all([
    outbox.run(signal),
    ...agents.map(({ agent }) => (watched ? agent.watch(signal) : agent.poll(signal))),
    ...(settings.integration.enabled ? [...integrations.values()].map((one) => one.run(signal)) : []),
  ]);
  return true;
}

async function onceOrReport(agent: ClusterAgent, cluster: string, { log, signal }: AgentEnvironment): Promise<boolean> {
  try {
    return await agent.once(signal);
  } catch (error) {
    if (signal.aborted) throw error;
    log.error('the cluster could not be read', { cluster, reason: (error as Error).message });
    return false;
  }
}

function agentOptions(settings: KubernetesAgentSettings, clusterName: string) {
  const { namespaces, metadata, accounts, limits, server } = settings;
  const label = accounts.label;
  const none: RegExp[] = [];
  return {
    selection: { include: namespaces.include, exclude: namespaces.exclude, ignoreEmpty: namespaces['ignore-empty'] },
    routing: {
      routes: accounts.routes.map((route) => ({ account: route.account, namespaces: route.namespaces })),
      label: {
        key: label?.key ?? '',
        ...present('defaultAccount', label?.['default-account'] ?? server.account),
        ignoreMissing: label?.['ignore-missing'] ?? false,
      },
    },
    report: {
      clusterName,
      missingTag: settings['missing-tag'],
      ...present('missingRegistry', settings['missing-registry']),
      ignoreNotRunning: settings['ignore-not-running'],
      ignoreEmpty: namespaces['ignore-empty'],
      metadata: {
        labels: metadata.labels ? metadata['include-labels'] : none,
        annotations: metadata.annotations ? metadata['include-annotations'] : none,
      },
      limits,
    },
    intervalMs: settings['report-interval-seconds'] * 1000,
    changeDelayMs: settings['change-delay-seconds'] * 1000,
    relistMs: settings['relist-interval-seconds'] * 1000,
    watchSeconds: WATCH_SECONDS,
  };
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

async function credentials({ server, accounts }: KubernetesAgentSettings) {
  const own = await serverCredentials(server);
  const byAccount = new Map(
    accounts.routes.flatMap(({ account, username, password }) =>
      username === undefined ? [] : [[account, { username, password: password ?? '' }] as const],
    ),
  );
  return (account: string | undefined): Credentials => (account && byAccount.get(account)) || own;
}

async function connect(
  { kubeconfig, context }: KubernetesAgentSettings['clusters'][number],
  { env }: AgentEnvironment,
): Promise<Pick<NamedConnection, 'clusterName' | 'connection'>> {
  if (!kubeconfig && !context && !env.KUBECONFIG) {
    const connection = await inClusterConnection(env);
    if (connection) return { clusterName: env.WINDLASS_AGENT_CLUSTER_NAME || 'kubernetes', connection };
  }
  const path = kubeconfig || env.KUBECONFIG?.split(':')[0] || join(env.HOME || homedir(), '.kube', 'config');
  return kubeconfigConnection(path, context);
}

function integrationOf(
  { integration, accounts, namespaces, server: { account } }: KubernetesAgentSettings,
  { env, log, version }: AgentEnvironment,
  server: ReportServer,
  as: Credentials,
  clusterName: string,
): Integration {
  const bound = [...new Set([...accounts.routes.map((route) => route.account), ...(account ? [account] : [])])];
  return createIntegration(
    server,
    as,
    {
      registrationId: integration.id ?? idOf([clusterName, account ?? '', as.username]),
      instanceId: env.HOSTNAME || hostname(),
      name: integration.name ?? `windlass-agent ${clusterName}`,
      ...present('description', integration.description),
      version,
      accounts: bound,
      namespaces: namespaces.include,
      clusterName,
      healthSeconds: integration['health-interval-seconds'],
    },
    log,
  );
}

/** A UUID that the same words always give: the agent is the same one after a restart. */
function idOf(words: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
