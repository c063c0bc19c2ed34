import { once } from 'node:events';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { examples } from '../help.ts';

/** `windlass serve`: runs until Ctrl-C or SIGTERM. */
export function defineServe(command: Command, cli: CliContext): void {
  command
    .argument('[settings...]', 'settings as --name=value or --area.name=value, such as --port=9000')
    .allowUnknownOption()
    .helpOption('-h, --help', 'show this page')
    .addHelpText(
      'after',
      `\nSettings come from WINDLASS_* variables, from windlass.yaml (WINDLASS_CONFIG names another file) and from here,
the later winning. Often needed: --port, --host, --data-dir, --roles (api, worker, scheduler); DATABASE_URL for
PostgreSQL instead of the embedded database; WINDLASS_FEED_URL for vulnerability data from elsewhere.
${examples(
  ['windlass serve', 'everything in one process, data in ./data'],
  ['windlass serve --port=9000 --data-dir=/var/lib/windlass', 'elsewhere'],
  ['DATABASE_URL=postgres://db/windlass windlass serve --roles=worker', 'one of several processes'],
)}`,
    )
    .action(async (settings: string[]) => {
      const server = await cli.serve(settings);
      if (server.url !== undefined) {
        await cli.stdout.write(`Windlass is ready at ${server.url}\n`);
        if (server.adminPassword !== undefined) {
          await cli.stdout.write(`User: admin   Password: ${server.adminPassword}   (shown only now)\n`);
        }
      }
      if (!cli.signal.aborted) await once(cli.signal, 'abort');
      await server.stop();
    });
}
