import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { systemOperations } from '#contract/system.ts';
import type { CliContext } from '../context.ts';
import { examples } from '../help.ts';
import { connect, connected, type ServerOptions } from '../server-command.ts';
import { showOne } from '../show.ts';

/** `windlass version` */
export function defineVersion(command: Command, cli: CliContext): void {
  connected(command)
    .option('--client', 'do not ask the server')
    .addHelpText(
      'after',
      examples(
        ['windlass version', 'of this program and of the server'],
        ['windlass version --client -o id', 'the bare number'],
      ),
    )
    .action(async (options: ServerOptions & { client?: boolean }) => {
      const own = await ownVersion();
      const server = options.client
        ? undefined
        : await connect(cli, options)
            .call(systemOperations.version_check)
            .catch((error: Error) => error);
      const known = server instanceof Error ? undefined : server;
      await showOne(cli, options.output, {
        data: {
          client: { version: own },
          server: known ?? null,
          ...(server instanceof Error ? { error: server.message } : {}),
        },
        id: own,
        fields: [
          ['Client', own],
          ['Server', server instanceof Error ? `not known: ${server.message}` : known?.service?.version],
          ['API', known?.api?.version],
          ['Database schema', known?.db?.schema_version],
        ],
      });
    });
}

/** Version in package.json. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
