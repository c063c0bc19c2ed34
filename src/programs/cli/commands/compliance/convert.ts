import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { windlassComplianceOperations as operations } from '#contract/windlass-compliance.ts';
import { hdfOfReport } from '#engine/compliance/index.ts';
import type { CliContext } from '../../context.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { readFileHere } from './compare.ts';
import { saveBody } from './read.ts';

/** `compliance convert`: a file of this machine, or a check of the server, as HDF. */
export function defineConvert(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'convert <file-or-id>',
    'Turn XCCDF or ARF results into HDF, the format of STIG tools',
    ['windlass compliance convert arf.xml --file hdf.json', 'a file, without a server'],
    ['windlass compliance convert 7d5… > hdf.json', 'a check of the server'],
  )
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (source: string, options: ServerOptions & { file?: string }) => {
      if (!existsSync(source)) {
        const response = await connect(cli, options).call(
          operations.get_runtime_compliance_hdf,
          { params: { check_uuid: source } },
          { signal: cli.signal },
        );
        return saveBody(cli, response, options.file);
      }
      const text = JSON.stringify(hdfOfReport(await readFileHere(source)));
      if (options.file !== undefined) return writeFile(options.file, text);
      await cli.stdout.write(`${text}\n`);
    });
}
