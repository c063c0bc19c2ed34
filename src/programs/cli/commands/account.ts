import { type Command, Option } from 'commander';
import { accountsOperations } from '#contract/accounts.ts';
import type { Account } from '#contract/identity.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<Account>[] = [
  { title: 'account', value: (row) => row.name, keep: true },
  { title: 'state', value: (row) => row.state, keep: true },
  { title: 'type', value: (row) => row.type, keep: true },
  { title: 'email', value: (row) => row.email },
  { title: 'created', value: (row) => row.created_at },
];

/** `windlass account …` */
export function defineAccount(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List accounts', ['windlass account list --state enabled', 'those in use'])
    .addOption(new Option('--state <state>', 'state').choices(['enabled', 'disabled', 'deleting']))
    .action(async (options: ServerOptions & { state?: 'enabled' }) => {
      const rows = await connect(cli, options).call(accountsOperations.list_accounts, {
        query: options.state ? { state: options.state } : {},
      });
      await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.name });
    });

  serverCommand(noun, 'add <name>', 'Create an account', [
    'windlass account add web --email web@example.com',
    'then: windlass user add',
  ])
    .option('--email <address>', 'address of its owner')
    .action(async (name: string, options: ServerOptions & { email?: string }) => {
      const row = await connect(cli, options).call(accountsOperations.create_account, {
        body: { name, ...(options.email ? { email: options.email } : {}) },
      });
      await show(cli, options.output, { data: row, rows: [row], columns: COLUMNS, id: ({ name: id }) => id });
    });

  defineState(noun, cli, 'enable', 'enabled', 'Let users of an account in again');
  defineState(noun, cli, 'disable', 'disabled', 'Lock users of an account out');

  serverCommand(noun, 'delete <name>', 'Delete a disabled account with all it owns', [
    'windlass account delete web',
    'disable it first',
  ]).action(async (name: string, options: ServerOptions) => {
    await connect(cli, options).call(accountsOperations.delete_account, { params: { account_name: name } });
    await showOne(cli, options.output, { data: { name, state: 'deleting' }, id: name, fields: [['Deleting', name]] });
  });
}

function defineState(
  noun: Command,
  cli: CliContext,
  verb: string,
  state: 'enabled' | 'disabled',
  summary: string,
): void {
  serverCommand(noun, `${verb} <name>`, summary, [`windlass account ${verb} web`, 'nothing is deleted']).action(
    async (name: string, options: ServerOptions) => {
      const data = await connect(cli, options).call(accountsOperations.update_account_state, {
        params: { account_name: name },
        body: { state },
      });
      await showOne(cli, options.output, {
        data,
        id: name,
        fields: [
          ['Account', name],
          ['State', data.state],
        ],
      });
    },
  );
}
