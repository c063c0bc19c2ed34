import type { Command } from 'commander';
import { identityOperations, type UserApiKey } from '#contract/identity.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<UserApiKey>[] = [
  { title: 'key', value: (row) => row.name, keep: true },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'expires', value: (row) => row.expires_at, keep: true },
  { title: 'created', value: (row) => row.created_at },
  { title: 'description', value: (row) => row.description },
];

const DAY_MS = 86_400_000;

/** `windlass apikey …`: keys of the calling user. */
export function defineApiKey(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List your API keys', [
    'windlass apikey list',
    'their values are never shown again',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(identityOperations.list_api_keys);
    await show(cli, options.output, {
      data,
      rows: data.items ?? [],
      columns: COLUMNS,
      id: (row) => row.name,
      empty: 'No API keys.',
    });
  });

  serverCommand(
    noun,
    'add <name>',
    'Create an API key; its value is shown once',
    ['windlass apikey add ci --days 90', 'use it as password of the user _api_key'],
    ['windlass apikey add ci -o id', 'print the value alone'],
  )
    .option('--days <days>', 'lifetime', '90')
    .option('--description <text>', 'what it is for')
    .action(async (name: string, options: ServerOptions & { days: string; description?: string }) => {
      const days = Number(options.days);
      if (!(days > 0)) throw usageFailure(`"${options.days}" is no number of days`);
      const expires = `${new Date(cli.now().getTime() + days * DAY_MS).toISOString().slice(0, 19)}Z`;
      const data = await connect(cli, options).call(identityOperations.create_api_key, {
        body: { name, expires_at: expires, ...(options.description ? { description: options.description } : {}) },
      });
      await showOne(cli, options.output, {
        data,
        id: data.value,
        fields: [
          ['Key', data.name],
          ['Expires', data.expires_at],
          ['Value', data.value],
        ],
      });
    });

  serverCommand(noun, 'revoke <name>', 'Make an API key useless', [
    'windlass apikey revoke ci',
    'it stays in the list',
  ]).action(async (name: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(identityOperations.patch_api_key, {
      params: { key_name: name },
      body: { status: 'revoked' },
    });
    await show(cli, options.output, { data, rows: [data], columns: COLUMNS, id: (row) => row.name });
  });

  serverCommand(noun, 'delete <name>', 'Delete an API key', ['windlass apikey delete ci', 'revokes it as well']).action(
    async (name: string, options: ServerOptions) => {
      await connect(cli, options).call(identityOperations.delete_api_key, { params: { key_name: name } });
      await showOne(cli, options.output, { data: { name, deleted: true }, id: name, fields: [['Deleted', name]] });
    },
  );
}
