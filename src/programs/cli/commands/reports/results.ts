import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Client } from '#client/index.ts';
import {
  windlassReportSchedulesOperations as operations,
  type ReportResult,
} from '#contract/windlass-report-schedules.ts';
import type { CliContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliFailure } from '../../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show, showOne } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';

const COLUMNS: Column<ReportResult>[] = [
  { title: 'id', value: (row) => row.uuid, keep: true },
  { title: 'schedule', value: (row) => row.schedule_uuid },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'rows', value: (row) => row.row_count, align: 'right', keep: true },
  { title: 'started', value: (row) => row.started_at },
  { title: 'finished', value: (row) => row.finished_at },
  { title: 'error', value: (row) => row.error_message },
];
const PAUSE_MS = 500;

/** Prints a run. */
export function showResult(cli: CliContext, options: ServerOptions, row: ReportResult): Promise<void> {
  return showOne(cli, options.output, {
    data: row,
    id: row.uuid,
    fields: [
      ['Id', row.uuid],
      ['Schedule', row.schedule_uuid],
      ['Status', row.status],
      ['Error', row.error_message],
      ['Rows', row.row_count],
      ['Pages', row.page_count],
      ['Asked for by', row.requested_by ?? 'the schedule'],
      ['Started', row.started_at],
      ['Finished', row.finished_at],
      ['Digest of the rows', row.manifest?.digest],
      ['New since the run', row.manifest?.delta_since],
    ],
  });
}

/** Waits until a run has ended. Throws CliFailure when it failed, or after a time. */
export async function waitForResult(
  cli: CliContext,
  client: Client,
  uuid: string,
  seconds: number,
): Promise<ReportResult> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const row = await client.call(
      operations.get_report_result,
      { params: { result_uuid: uuid } },
      { signal: cli.signal },
    );
    if (row.status === 'complete') return row;
    if (row.status !== 'queued' && row.status !== 'running')
      throw new CliFailure(`the run ${row.uuid} is ${row.status}: ${row.error_message ?? 'no reason was given'}`);
    if (performance.now() >= deadline)
      throw new CliFailure(`the run ${row.uuid} has not ended`, {
        exitCode: EXIT.timeout,
        hint: `See: windlass report results get ${row.uuid}`,
      });
    await sleep(PAUSE_MS, undefined, { signal: cli.signal });
  }
}

/** `windlass report results …` */
export function defineResults(report: Command, cli: CliContext): void {
  const noun = report.command('results').description('What scheduled queries found');

  serverCommand(noun, 'list', 'List runs, the newest first', [
    'windlass report results list --status failed',
    'what went wrong',
  ])
    .option('--schedule <id>', 'of one scheduled query')
    .addOption(
      new Option('--status <status>', 'state').choices(['queued', 'running', 'complete', 'failed', 'cancelled']),
    )
    .option('--limit <count>', 'how many', '100')
    .option('--global', 'of queries over all accounts; for administrators')
    .action(
      async (
        options: ServerOptions & {
          schedule?: string;
          status?: ReportResult['status'];
          limit: string;
          global?: boolean;
        },
      ) => {
        const query = {
          limit: options.limit,
          ...(options.schedule ? { schedule_uuid: options.schedule } : {}),
          ...(options.status ? { status: options.status } : {}),
          ...(options.global ? { scope: 'global' as const } : {}),
        };
        const data = await connect(cli, options).call(operations.list_report_results, { query });
        const id = (row: ReportResult) => row.uuid;
        await show(cli, options.output, { data, rows: data.items, columns: COLUMNS, id, empty: 'No runs.' });
      },
    );

  serverCommand(noun, 'get <id>', 'Show a run', ['windlass report results get ID', 'with its state and digest']).action(
    async (uuid: string, options: ServerOptions) => {
      const params = { result_uuid: uuid };
      await showResult(cli, options, await connect(cli, options).call(operations.get_report_result, { params }));
    },
  );

  serverCommand(
    noun,
    'download <id>',
    'Write all rows of a run',
    ['windlass report results download ID --format csv --file report.csv', 'to a file'],
    ['windlass report results download ID | jq .vulnerabilityId', 'one JSON object a line'],
  )
    .addOption(new Option('--format <format>', 'form of the rows').choices(['ndjson', 'csv', 'json']).default('ndjson'))
    .option('--file <file>', 'write it there instead of to standard output')
    .action(async (uuid: string, options: ServerOptions & { format: 'ndjson' | 'csv' | 'json'; file?: string }) => {
      const input = { params: { result_uuid: uuid }, query: { format: options.format } };
      const response = await connect(cli, options).call(operations.download_report_result, input, {
        signal: cli.signal,
      });
      const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
      if (options.file !== undefined) return pipeline(body, createWriteStream(options.file));
      const decoder = new TextDecoder();
      for await (const chunk of body) await cli.stdout.write(decoder.decode(chunk as Uint8Array, { stream: true }));
      await cli.stdout.write(decoder.decode());
    });

  serverCommand(noun, 'cancel <id>', 'Cancel a run', [
    'windlass report results cancel ID',
    'what it had read is kept',
  ]).action(async (uuid: string, options: ServerOptions) => {
    const params = { result_uuid: uuid };
    await showResult(cli, options, await connect(cli, options).call(operations.cancel_report_result, { params }));
  });
}
