import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { examples } from '../help.ts';

/** `windlass demo`: a server with sample data. */
export function defineDemo(command: Command, cli: CliContext): void {
  command
    .option('--data-dir <folder>', 'where its data lies; delete the folder to begin anew', './data-demo')
    .option('--port <port>', 'port of the server; 0 takes a free one (default: WINDLASS_PORT, else 8228)')
    .option('--once', 'end after the report instead of serving on')
    .addHelpText(
      'after',
      `\nStarts a server with data of its own, loads a small sample vulnerability database, builds a sample image, has it
analysed through the API and prints what was found. Needs no network.
${examples(['windlass demo', 'serve until Ctrl-C'], ['windlass demo --port=9000 --once', 'only the report'])}`,
    )
    .action(async (options: { dataDir: string; port?: string; once?: boolean }) => {
      const port = options.port === undefined ? undefined : Number(options.port);
      if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
        throw usageFailure(`"${options.port}" is no port`);
      await cli.demo({
        dataDirectory: options.dataDir,
        ...(port === undefined ? {} : { port }),
        ...(options.once ? { once: true } : {}),
      });
    });
}
