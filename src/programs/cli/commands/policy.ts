import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Policy, type PolicyRecord, policiesOperations } from '#contract/policies.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { usageFailure } from '../failure.ts';
import { examples } from '../help.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { printJson, show, showOne } from '../show.ts';
import { printable } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<PolicyRecord>[] = [
  { title: 'id', value: (row) => row.policy_id, keep: true },
  { title: 'name', value: (row) => row.name },
  { title: 'active', value: (row) => row.active, keep: true },
  { title: 'changed', value: (row) => row.last_updated },
  { title: 'description', value: (row) => row.description },
];

/** `windlass policy …` */
export function definePolicy(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(noun, 'list', 'List policies', ['windlass policy list', 'of the account']).action(
    async (options: ServerOptions) => {
      const rows = await connect(cli, options).call(policiesOperations.list_policies, { query: { detail: false } });
      await show(cli, options.output, { data: rows, rows, columns: COLUMNS, id: (row) => row.policy_id });
    },
  );

  serverCommand(noun, 'get <id>', 'Print a policy document', [
    'windlass policy get windlass-default > policy.json',
    'to change it and add it again',
  ]).action(async (id: string, options: ServerOptions) => {
    const record = await connect(cli, options).call(policiesOperations.get_policy, {
      params: { policy_id: id },
      query: { detail: true },
    });
    await printJson(cli, record.policy ?? record);
  });

  serverCommand(noun, 'add <file>', 'Store a policy, or replace the one with its id', [
    'windlass policy add policy.json --activate',
    'and judge by it from now on',
  ])
    .option('--activate', 'make it the active policy')
    .action(async (file: string, options: ServerOptions & { activate?: boolean }) => {
      const client = connect(cli, options);
      const document = (await readJson(file)) as Policy;
      const known = await client.call(policiesOperations.list_policies, { query: { detail: false } });
      const existing = known.find((row) => row.policy_id === document.id);
      let record = existing
        ? await client.call(policiesOperations.update_policy, {
            params: { policy_id: document.id },
            body: { ...existing, policy: document },
          })
        : await client.call(policiesOperations.add_policy, { body: document });
      if (options.activate) record = await activate(client, record.policy_id);
      await show(cli, options.output, { data: record, rows: [record], columns: COLUMNS, id: (row) => row.policy_id });
    });

  serverCommand(noun, 'activate <id>', 'Judge by this policy from now on', [
    'windlass policy activate strict',
    'images are judged anew',
  ]).action(async (id: string, options: ServerOptions) => {
    const record = await activate(connect(cli, options), id);
    await show(cli, options.output, { data: record, rows: [record], columns: COLUMNS, id: (row) => row.policy_id });
  });

  serverCommand(noun, 'delete <id>', 'Delete a policy that is not active', [
    'windlass policy delete old',
    'its evaluations stay',
  ]).action(async (id: string, options: ServerOptions) => {
    await connect(cli, options).call(policiesOperations.delete_policy, { params: { policy_id: id } });
    await showOne(cli, options.output, { data: { policy_id: id, deleted: true }, id, fields: [['Deleted', id]] });
  });

  noun
    .command('validate <file>')
    .description('Check a policy document here, without a server; exits with 1 when it is not valid')
    .addHelpText('after', examples(['windlass policy validate policy.json', 'all errors at once, with their places']))
    .action(async (file: string) => {
      const { importV1Policy, isV1Document, validatePolicy } = await import('#engine/policy/index.ts');
      const input = await readJson(file);
      const { valid, validation_details: details } = validatePolicy(
        isV1Document(input) ? importV1Policy(input).document : input,
      );
      for (const { severity, details: text } of details) await cli.stdout.write(`${severity}: ${printable(text)}\n`);
      await cli.stdout.write(valid ? `${printable(file)} is valid\n` : `${printable(file)} is not valid\n`);
      if (!valid) exit(EXIT.failed);
    });

  noun
    .command('default')
    .description('Print the built-in policy, a start for your own')
    .addHelpText('after', examples(['windlass policy default > policy.json', 'then change its id and rules']))
    .action(async () => {
      const { DEFAULT_POLICY } = await import('#engine/policy/index.ts');
      await printJson(cli, DEFAULT_POLICY);
    });
}

async function activate(client: ReturnType<typeof connect>, id: string): Promise<PolicyRecord> {
  const record = await client.call(policiesOperations.get_policy, {
    params: { policy_id: id },
    query: { detail: true },
  });
  return client.call(policiesOperations.update_policy, {
    params: { policy_id: id },
    query: { active: true },
    body: { ...record, active: true },
  });
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageFailure(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}
