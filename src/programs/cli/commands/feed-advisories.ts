import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  OsvDocument,
  windlassAdvisoriesOperations as operations,
  type PrivateAdvisory,
} from '#contract/windlass-advisories.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<PrivateAdvisory>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'summary', value: ({ document }) => document.summary ?? document.details },
  {
    title: 'packages',
    value: ({ document }) => document.affected.map((one) => `${one.package.ecosystem}/${one.package.name}`).join(', '),
  },
  { title: 'updated', value: ({ last_updated }) => last_updated },
];

/** `windlass feed advisory …` */
export function defineFeedAdvisories(feed: Command, cli: CliContext): void {
  const noun = feed.command('advisory').description('Private advisories: they concern the images of the account alone');

  serverCommand(noun, 'list', 'List private advisories', [
    'windlass feed advisory list',
    'those of the account',
  ]).action(async (options: ServerOptions) => {
    const client = connect(cli, options);
    const items: PrivateAdvisory[] = [];
    for (let page = 1; ; page++) {
      const data = await client.call(operations.list_private_advisories, { query: { page, limit: 1000 } });
      items.push(...data.items);
      if (data.items.length === 0 || items.length >= data.total_rows) break;
    }
    await show(cli, options.output, { data: { items }, rows: items, columns: COLUMNS, id: ({ id }) => id });
  });

  serverCommand(noun, 'get <id>', 'Show a private advisory', [
    'windlass feed advisory get ACME-2026-1',
    'as JSON: -o json',
  ]).action(async (id: string, options: ServerOptions) => {
    const data = await connect(cli, options).call(operations.get_private_advisory, { params: { id } });
    await showAdvisory(cli, options, data);
  });

  serverCommand(noun, 'add <file>', 'Add private advisories, or replace those of the same id', [
    'windlass feed advisory add acme.json',
    'a record of the OSV schema, or an array of them',
  ]).action(async (file: string, options: ServerOptions) => {
    const client = connect(cli, options);
    for (const document of await readDocuments(file)) {
      const data = await client.call(operations.put_private_advisory, { params: { id: document.id }, body: document });
      await showAdvisory(cli, options, data);
    }
  });

  serverCommand(noun, 'delete <id>', 'Delete a private advisory', [
    'windlass feed advisory delete ACME-2026-1',
    '',
  ]).action(async (id: string, options: ServerOptions) => {
    await connect(cli, options).call(operations.delete_private_advisory, { params: { id } });
    await showOne(cli, options.output, { data: { id }, id, fields: [['Deleted', id]] });
  });
}

async function showAdvisory(cli: CliContext, options: ServerOptions, data: PrivateAdvisory): Promise<void> {
  await showOne(cli, options.output, {
    data,
    id: data.id,
    fields: [
      ['Id', data.id],
      ['Summary', data.document.summary ?? data.document.details],
      ...data.problems.map((problem): [string, string] => ['Problem', problem]),
    ],
  });
}

async function readDocuments(file: string): Promise<OsvDocument[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw usageFailure(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  return (Array.isArray(value) ? value : [value]).map((item) => {
    const parsed = OsvDocument.safeParse(item);
    if (!parsed.success)
      throw usageFailure(
        `${file} is no OSV record: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
      );
    return parsed.data;
  });
}
