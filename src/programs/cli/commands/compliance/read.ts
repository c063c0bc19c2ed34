import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import {
  windlassComplianceOperations as operations,
  type RuntimeComplianceCheck,
} from '#contract/windlass-compliance.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliFailure } from '../../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { type Format, printJson, show, showOne } from '../../show.ts';
import { CHECK_COLUMNS, RULE_COLUMNS, scoreText, verdictText } from './check-columns.ts';
import { findImage } from './form.ts';

interface ListOptions extends ServerOptions {
  image?: string;
  namespace?: string;
  pod?: string;
  verdict?: string;
  limit: string;
}

/** `compliance list` */
export function defineList(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'list',
    'List compliance checks, newest first',
    ['windlass compliance list --image app:1.4', 'of an image'],
    ['windlass compliance list --namespace shop --verdict fail -o id', 'of a namespace, for scripts'],
  )
    .option('--image <image>', 'only of this image: tag or digest')
    .option('--namespace <name>', 'only of this namespace')
    .option('--pod <name>', 'only of this pod')
    .option('--verdict <verdicts>', 'pass, fail, inconclusive; several with commas')
    .option('--limit <number>', 'as many at most', '100')
    .action(async (options: ListOptions) => {
      const client = connect(cli, options);
      const query = {
        ...(options.image === undefined ? {} : { image_digest: (await findImage(client, options.image)).digest }),
        ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
        ...(options.pod === undefined ? {} : { pod: options.pod }),
        ...(options.verdict === undefined ? {} : { verdict: options.verdict }),
        limit: options.limit,
      };
      const data = await client.call(operations.list_runtime_compliance_checks, { query });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: CHECK_COLUMNS,
        id: (row) => row.uuid,
        empty: 'No compliance checks.',
      });
    });
}

/** `compliance get`: the check, and its rules that failed unless others are asked for. */
export function defineGet(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'get <id>',
    'Show a compliance check with its rules',
    ['windlass compliance get 7d5…', 'with the rules that failed'],
    ['windlass compliance get 7d5… --rules pass,fail --severity high -o csv', 'rules as a table for other programs'],
  )
    .option('--rules <outcomes>', 'rules to show, by outcome with commas, or "all"', 'fail,error,unknown')
    .option('--severity <severities>', 'only rules of these severities: high,medium,low,info,unknown')
    .option('--search <text>', 'only rules with this in their id, title or identifiers')
    .action(async (id: string, options: ServerOptions & { rules: string; severity?: string; search?: string }) => {
      const client = connect(cli, options);
      const params = { check_uuid: id };
      const check = await client.call(operations.get_runtime_compliance_check, { params });
      const query = {
        ...(options.rules === 'all' ? {} : { result: options.rules }),
        ...(options.severity === undefined ? {} : { severity: options.severity }),
        ...(options.search === undefined ? {} : { search: options.search }),
      };
      const { items: rules } = await client.call(operations.list_runtime_compliance_rules, { params, query });
      if (options.output === 'json') await printJson(cli, { ...check, rules });
      else {
        if (options.output === 'table') {
          await showCheck(cli, 'table', check);
          await cli.stdout.write('\n');
        }
        await show(cli, options.output, {
          data: rules,
          rows: rules,
          columns: RULE_COLUMNS,
          id: (row) => row.rule,
          empty: 'No rules of this kind.',
        });
      }
      if (check.state === 'failed') exit(EXIT.incomplete);
    });
}

/** `compliance download` */
export function defineDownload(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'download <id>',
    'Download a file of a compliance check',
    ['windlass compliance download 7d5… --file results.xml', 'the result file'],
    ['windlass compliance download 7d5… --report --file report.html', 'the report'],
  )
    .option('--report', 'the report instead of the result file')
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (id: string, options: ServerOptions & { report?: boolean; file?: string }) => {
      const client = connect(cli, options);
      const { compliance_file_ids: files } = await client.call(operations.get_runtime_compliance_check, {
        params: { check_uuid: id },
      });
      const fileId = files[options.report ? 'report_file' : 'result_file'];
      if (!fileId) throw new CliFailure(`the check has no ${options.report ? 'report' : 'result'} file`);
      const response = await client.call(operations.get_runtime_compliance_file, { params: { file_id: fileId } });
      await saveBody(cli, response, options.file);
    });
}

/** `compliance delete` */
export function defineDelete(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'delete <id>', 'Delete a compliance check with its files', [
    'windlass compliance delete 7d5…',
    'it no longer counts for policies',
  ]).action(async (id: string, options: ServerOptions) => {
    await connect(cli, options).call(operations.delete_runtime_compliance_check, { params: { check_uuid: id } });
    await showOne(cli, options.output, { data: { uuid: id, deleted: true }, id, fields: [['Deleted', id]] });
  });
}

/** Writes the body of an answer to a file or to standard output. */
export async function saveBody(cli: CliContext, response: Response, file: string | undefined): Promise<void> {
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  if (file !== undefined) return pipeline(body, createWriteStream(file));
  const decoder = new TextDecoder();
  for await (const chunk of body) await cli.stdout.write(decoder.decode(chunk as Uint8Array, { stream: true }));
  await cli.stdout.write(decoder.decode());
}

/** Prints a check, a line for each property. */
export async function showCheck(cli: CliContext, format: Format, check: RuntimeComplianceCheck): Promise<void> {
  const { summary } = check;
  const counts = Object.entries(summary?.counts ?? {}).map(([outcome, count]) => `${count} ${outcome}`);
  await showOne(cli, format, {
    data: check,
    id: check.uuid,
    fields: [
      ['Id', check.uuid],
      ['Image', check.image_digest],
      ['Tag', check.image_tag],
      ['Workload', [check.namespace, check.pod].filter(Boolean).join('/')],
      [
        'Benchmark',
        [summary?.benchmark.title ?? summary?.benchmark.id, summary?.benchmark.version].filter(Boolean).join(' '),
      ],
      ['Profile', summary?.profile.title ?? summary?.profile.id],
      ['Verdict', verdictText(check)],
      ['Uploader says', check.result && summary?.mismatch ? `${check.result} (the rules say otherwise)` : check.result],
      ['Score', scoreText(check)],
      ['Rules', counts.join(', ')],
      ['Evaluated', summary?.evaluated_at],
      ['Problem', check.error ?? summary?.problems.map(({ message }) => message).join(' ')],
    ],
  });
}
