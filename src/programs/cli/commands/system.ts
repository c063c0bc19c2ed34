import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { feedsOperations } from '#contract/feeds.ts';
import { type Service, systemOperations } from '#contract/system.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliFailure, usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
import { progressLine } from '../terminal/progress.ts';
import { parseDuration } from '../terminal/size.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<Service>[] = [
  { title: 'service', value: (row) => row.service_name, keep: true },
  { title: 'host', value: (row) => row.host_id },
  { title: 'up', value: (row) => row.service_detail?.up ?? row.status, keep: true },
  { title: 'version', value: (row) => row.service_detail?.version ?? row.version },
  { title: 'message', value: (row) => row.status_message },
];

const PAUSE_MS = 500;

/** `windlass system …` */
export function defineSystem(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(noun, 'status', 'Show the state of every service; exits with 3 when one is down', [
    'windlass system status',
    'one line for each service',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(systemOperations.get_service_detail);
    const rows = data.service_states ?? [];
    await show(cli, options.output, { data, rows, columns: COLUMNS, id: (row) => row.service_name });
    if (rows.some((row) => row.service_detail?.up === false || row.status === false)) exit(EXIT.error);
  });

  serverCommand(noun, 'services', 'List services and hosts', [
    'windlass system services -o json',
    'with addresses',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(systemOperations.list_services);
    const columns = [...COLUMNS, { title: 'address', value: (row: Service) => row.base_url }];
    await show(cli, options.output, { data: rows, rows, columns, id: (row) => row.service_name });
  });

  serverCommand(
    noun,
    'wait',
    'Wait until the server answers and has vulnerability data',
    ['windlass system wait --timeout 5m', 'after a first start'],
    ['windlass system wait --no-feeds', 'only for the server'],
  )
    .option('--timeout <time>', 'longest wait: 90s, 15m, 2h', '10m')
    .option('--no-feeds', 'do not wait for vulnerability data')
    .option('-q, --quiet', 'no progress')
    .action(async (options: ServerOptions & { timeout: string; feeds: boolean; quiet?: boolean }) => {
      const timeoutMs = parseDuration(options.timeout);
      if (timeoutMs === undefined) throw usageFailure(`"${options.timeout}" is no time`, 'Write it as 90s, 15m or 2h.');
      const client = connect(cli, options);
      const progress = progressLine(cli, options.quiet ? 'off' : 'auto');
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const missing = await whatIsMissing(client, options.feeds, cli.signal);
        if (missing === undefined) break;
        if (performance.now() >= deadline) {
          progress.end();
          throw new CliFailure(`not ready after ${options.timeout}: ${missing}`, { exitCode: EXIT.timeout });
        }
        progress.update(`waiting: ${missing}`);
        await sleep(Math.min(PAUSE_MS, Math.max(1, deadline - performance.now())), undefined, { signal: cli.signal });
      }
      progress.end();
      if (options.output === 'table') await cli.stdout.write('ready\n');
    });
}

/** What keeps the server from being ready, in words. Refused credentials are not waited for. */
async function whatIsMissing(client: Client, feeds: boolean, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { service_states: states } = await client.call(systemOperations.get_service_detail, {}, { signal });
    const down = (states ?? []).find((row) => row.service_detail?.up === false || row.status === false);
    if (down) return `service ${down.service_name ?? ''} is down`;
    if (!feeds) return undefined;
    const list = await client.call(feedsOperations.get_system_feeds, {}, { signal });
    const vulnerabilities = list.find(({ name }) => name === 'vulnerabilities');
    return vulnerabilities?.last_full_sync ? undefined : 'there is no vulnerability data yet';
  } catch (error) {
    const { status, message } = error as Error & { status?: number };
    if (signal.aborted || (status !== 0 && (status === undefined || status < 500))) throw error;
    return message;
  }
}
