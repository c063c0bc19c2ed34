import type { Command } from 'commander';
import { type SamlKey, windlassSsoOperations } from '#contract/windlass-sso.ts';
import type { CliContext } from '../../context.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show, showOne } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';

const COLUMNS: Column<SamlKey>[] = [
  { title: 'id', value: (row) => row.id, keep: true },
  { title: 'uses', value: (row) => row.uses.join(' '), keep: true },
  { title: 'created', value: (row) => row.created_at },
  { title: 'fingerprint', value: (row) => row.fingerprint },
];

/** `windlass sso keys|add-key|delete-key`: key pairs of the server as a SAML service provider. */
export function defineSamlKeys(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'keys', 'List the key pairs of this server for SAML', [
    'windlass sso keys -o json',
    'with certificates',
  ]).action(async (options: ServerOptions) => {
    const { items: rows } = await connect(cli, options).call(windlassSsoOperations.list_saml_keys);
    await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.id });
  });

  serverCommand(noun, 'add-key', 'Begin a change of keys: another pair goes into the metadata', [
    'windlass sso add-key',
    'then let all SAML providers read the metadata again, and delete the former key',
  ]).action(async (options: ServerOptions) => {
    const row = await connect(cli, options).call(windlassSsoOperations.add_saml_key);
    await show(cli, options.output, { data: row, rows: [row], columns: COLUMNS, id: ({ id }) => id });
  });

  serverCommand(noun, 'delete-key <id>', 'End a change of keys', [
    'windlass sso delete-key 5f1c0e9ad2b7c344',
    'nothing encrypted for it can be read any more',
  ]).action(async (id: string, options: ServerOptions) => {
    await connect(cli, options).call(windlassSsoOperations.delete_saml_key, { params: { id } });
    await showOne(cli, options.output, { data: { id, deleted: true }, id, fields: [['Deleted', id]] });
  });
}
