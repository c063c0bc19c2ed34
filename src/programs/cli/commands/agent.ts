import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AgentLog } from '#agents/delivery/index.ts';
import type { CliContext, Output } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { examples } from '../help.ts';
import { printable } from '../terminal/style.ts';
import { ownVersion } from './version.ts';

interface AgentOptions {
  config?: string;
  once?: boolean;
  url?: string;
  username?: string;
  password?: string;
  account?: string;
  spoolDir?: string;
  interval?: number;
}

interface KubernetesOptions extends AgentOptions {
  kubeconfig?: string;
  context?: string;
  clusterName?: string;
  mode?: string;
  namespace?: string[];
}

interface EcsOptions extends AgentOptions {
  region?: string[];
  cluster?: string[];
}

/** `windlass agent …`: report what runs where, to this product or any server of the same API. */
export function defineAgent(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  agentCommand(noun.command('kubernetes').description('Report what runs in Kubernetes clusters'))
    .option(
      '--kubeconfig <file>',
      'kubeconfig (default: the cluster this runs in, else KUBECONFIG, else ~/.kube/config)',
    )
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('--cluster-name <name>', 'name of the cluster in reports (default: that in the kubeconfig)')
    .option('--mode <mode>', 'watch: follow changes (default); poll: read everything at each interval')
    .option('--namespace <name>', 'report only this namespace; may be repeated', collect)
    .addHelpText(
      'after',
      `\nA settings file (YAML) holds what the options have no name for: several clusters, account routes, batches, spool.
Variables begin with WINDLASS_AGENT_, such as WINDLASS_AGENT_URL; see docs/agents.md.
${examples(
  ['windlass agent kubernetes --once --url https://windlass.example.com', 'report the current context once'],
  ['windlass agent kubernetes --cluster-name production', 'follow changes until Ctrl-C'],
  ['windlass agent kubernetes --config agent.yaml', 'as the settings file says'],
)}`,
    )
    .action(async (options: KubernetesOptions) => {
      const { KUBERNETES_AGENT_VARIABLES, KubernetesAgentSettings } = await import(
        '#agents/kubernetes/configuration.ts'
      );
      const { runKubernetesAgent } = await import('#agents/kubernetes/run-agent.ts');
      const { readAgentSettings } = await import('#agents/delivery/index.ts');
      const settings = readAgentSettings(KubernetesAgentSettings, {
        ...(await sources(cli, options)),
        variables: KUBERNETES_AGENT_VARIABLES,
        overrides: {
          ...overrides(options),
          'clusters.0.kubeconfig': options.kubeconfig,
          'clusters.0.context': options.context,
          'clusters.0.name': options.clusterName,
          mode: options.mode,
          'namespaces.include': options.namespace,
        },
      });
      await run(cli, options, exit, (environment, once) => runKubernetesAgent(settings, environment, { once }));
    });

  agentCommand(noun.command('ecs').description('Report what runs in Amazon ECS clusters'))
    .option('--region <name>', 'region to read; may be repeated (default: that of the AWS environment)', collect)
    .option('--cluster <name>', 'report only this cluster, by name or ARN; may be repeated', collect)
    .addHelpText(
      'after',
      `\nCredentials come from where AWS programs look for them: variables, profiles, the role of the task or machine.
AWS_ENDPOINT_URL_ECS names another endpoint. Needed: ecs:ListClusters, ListTasks, DescribeTasks, ListServices,
DescribeServices. Settings file and variables as for Kubernetes; see docs/agents.md.
${examples(
  ['windlass agent ecs --region eu-central-1 --once', 'report every cluster of a region once'],
  ['windlass agent ecs --config agent.yaml', 'as the settings file says, until Ctrl-C'],
)}`,
    )
    .action(async (options: EcsOptions) => {
      const { ECS_AGENT_VARIABLES, EcsAgentSettings, runEcsAgent } = await import('#agents/ecs/index.ts');
      const { readAgentSettings } = await import('#agents/delivery/index.ts');
      const settings = readAgentSettings(EcsAgentSettings, {
        ...(await sources(cli, options)),
        variables: ECS_AGENT_VARIABLES,
        overrides: { ...overrides(options), regions: options.region, clusters: options.cluster },
      });
      await run(cli, options, exit, (environment, once) => runEcsAgent(settings, environment, { once }));
    });
}

function agentCommand(command: Command): Command {
  return command
    .option('--config <file>', 'settings (YAML; default: WINDLASS_AGENT_CONFIG)')
    .option('--once', 'report once and end; exit code 3 when something was not accepted')
    .option('--url <url>', 'address of the server (default: WINDLASS_AGENT_URL, else WINDLASS_URL)')
    .option('--username <name>', 'user (default: WINDLASS_AGENT_USERNAME); _api_key for an API key')
    .option('--password <password>', 'password, or the API key (default: WINDLASS_AGENT_PASSWORD)')
    .option('--account <name>', 'account that gets the reports (default: that of the user)')
    .option('--interval <seconds>', 'pause between reports of everything (default: 300)', Number)
    .option(
      '--spool-dir <folder>',
      'where reports wait that could not be delivered (default: ~/.local/state/windlass-agent)',
    );
}

function collect(value: string, list: string[] | undefined): string[] {
  return [...(list ?? []), value];
}

async function sources({ env }: CliContext, options: AgentOptions) {
  const file = options.config ?? (env.WINDLASS_AGENT_CONFIG || undefined);
  return { env, yaml: file === undefined ? undefined : await readFile(file, 'utf8') };
}

function overrides({ url, username, password, account, interval, spoolDir }: AgentOptions) {
  return {
    'server.url': url,
    'server.username': username,
    'server.password': password,
    'server.account': account,
    'report-interval-seconds': interval,
    'spool.directory': spoolDir,
  };
}

async function run(
  cli: CliContext,
  options: AgentOptions,
  exit: (code: number) => void,
  agent: (
    environment: Parameters<typeof import('#agents/ecs/index.ts').runEcsAgent>[1],
    once: boolean,
  ) => Promise<boolean>,
): Promise<void> {
  const environment = {
    fetcher: await cli.fetcher(),
    env: cli.env,
    log: lineLog(cli.stderr, cli.now),
    signal: cli.signal,
    version: await ownVersion(),
  };
  if (!(await agent(environment, options.once ?? false))) exit(EXIT.error);
}

/** A line for each fact: time, level, message, fields as JSON. */
function lineLog(output: Output, now: () => Date): AgentLog {
  const write =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const rest = Object.keys(known).length > 0 ? ` ${JSON.stringify(known)}` : '';
      void output.write(`${now().toISOString()} ${level} ${printable(message + rest)}\n`);
    };
  return { info: write('INFO '), warn: write('WARN '), error: write('ERROR') };
}
