import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Correction, correctionsOperations } from '#contract/corrections.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const pairs = (fields: Correction['replace'] | undefined) =>
  (fields ?? []).map(({ field_name, field_value }) => `${field_name}=${field_value}`).join(', ');

const COLUMNS: Column<Correction>[] = [
  { title: 'id', value: (row) => row.uuid, keep: true },
  { title: 'type', value: (row) => row.match.type, keep: true },
  { title: 'match', value: (row) => pairs(row.match.field_matches) },
  { title: 'replace', value: (row) => pairs(row.replace) },
  { title: 'description', value: (row) => row.description },
];

interface ChangeOptions extends ServerOptions {
  type?: string;
  match?: string[];
  replace?: string[];
  description?: string;
  file?: string;
}

/** `windlass correction …` */
export function defineCorrection(noun: Command, cli: CliContext): void {
  const one = (options: ServerOptions, data: Correction) =>
    show(cli, options.output, { data, rows: [data], columns: COLUMNS, id: (row) => row.uuid });

  serverCommand(noun, 'list', 'List corrections of package metadata', [
    'windlass correction list',
    'in the order in which they are applied',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(correctionsOperations.get_corrections);
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: COLUMNS,
      id: (row) => row.uuid,
      empty: 'No corrections.',
    });
  });

  serverCommand(noun, 'get <id>', 'Show a correction', ['windlass correction get ID -o json', 'to change it']).action(
    async (uuid: string, options: ServerOptions) =>
      one(
        options,
        await connect(cli, options).call(correctionsOperations.get_correction_by_uuid, { params: { uuid } }),
      ),
  );

  changeOptions(
    serverCommand(
      noun,
      'add',
      'Correct the metadata that packages are matched by; SBOMs stay as they are',
      [
        'windlass correction add --type java --match package=spring-core --replace cpes=cpe:2.3:a:pivotal:spring_framework:{version}:*:*:*:*:*:*:*',
        'another CPE, with the version of the package',
      ],
      ['windlass correction add --file correction.json', 'from a document'],
    ),
  ).action(async (options: ChangeOptions) =>
    one(
      options,
      await connect(cli, options).call(correctionsOperations.add_correction, { body: await bodyOf(options) }),
    ),
  );

  changeOptions(
    serverCommand(noun, 'update <id>', 'Replace a correction', [
      'windlass correction update ID --file correction.json',
      'from a document',
    ]),
  ).action(async (uuid: string, options: ChangeOptions) =>
    one(
      options,
      await connect(cli, options).call(correctionsOperations.update_correction_by_uuid, {
        params: { uuid },
        body: await bodyOf(options),
      }),
    ),
  );

  serverCommand(noun, 'delete <id>', 'Delete a correction: packages are matched as they were found again', [
    'windlass correction delete ID',
    'an id of windlass correction list',
  ]).action(async (uuid: string, options: ServerOptions) => {
    await connect(cli, options).call(correctionsOperations.delete_correction_by_uuid, { params: { uuid } });
    await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
  });
}

function changeOptions(command: Command): Command {
  const collect = (value: string, list: string[] | undefined) => [...(list ?? []), value];
  return command
    .option('--type <type>', 'type of the packages: os, java, npm, gem, python, go, nuget, …')
    .option('--match <field=value>', 'field that a package must have; repeatable, all must hold', collect)
    .option('--replace <field=value>', 'field to replace; repeatable', collect)
    .option('--description <text>', 'why')
    .option('--file <file>', 'JSON document instead of the options');
}

async function bodyOf({ type, match, replace, description, file }: ChangeOptions): Promise<Correction> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8');
    try {
      return JSON.parse(text) as Correction;
    } catch (error) {
      throw usageFailure(`${file} is not JSON: ${(error as Error).message}`);
    }
  }
  if (type === undefined || !replace?.length)
    throw usageFailure('--type and --replace are needed, or --file', 'See: windlass correction add --help');
  return {
    type: 'package',
    match: { type, field_matches: fields(match ?? []) },
    replace: fields(replace),
    ...(description === undefined ? {} : { description }),
  };
}

function fields(texts: readonly string[]): Correction['replace'] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw usageFailure(`"${text}" is no FIELD=VALUE`);
    return { field_name: text.slice(0, equals), field_value: text.slice(equals + 1) };
  });
}
