import { type Command, Option } from 'commander';
import {
  windlassReportSchedulesOperations as operations,
  type ReportResult,
  type ReportSchedule,
} from '#contract/windlass-report-schedules.ts';
import type { CliContext } from '../../context.ts';
import { connect, type ServerOptions, serverCommand } from '../../server-command.ts';
import { show, showOne } from '../../show.ts';
import type { Column } from '../../terminal/table.ts';
import { collectVariable, queryText, readVariables } from './query-text.ts';
import { showResult, waitForResult } from './results.ts';

const COLUMNS: Column<ReportSchedule>[] = [
  { title: 'id', value: (row) => row.uuid, keep: true },
  { title: 'name', value: (row) => row.name },
  { title: 'schedule', value: (row) => row.cron_schedule },
  { title: 'zone', value: (row) => row.time_zone },
  { title: 'enabled', value: (row) => (row.enabled ? 'yes' : 'no'), keep: true },
  { title: 'last run', value: (row) => row.last_executed_at },
  { title: 'next run', value: (row) => row.next_execution_at },
];

interface AddOptions extends ServerOptions {
  query: string;
  cron: string;
  timeZone?: string;
  description?: string;
  var?: [string, string][];
  delta?: boolean;
  keepCount?: string;
  keepDays?: string;
  global?: boolean;
  disabled?: boolean;
}

function showSchedule(cli: CliContext, options: ServerOptions, row: ReportSchedule): Promise<void> {
  return showOne(cli, options.output, {
    data: row,
    id: row.uuid,
    fields: [
      ['Id', row.uuid],
      ['Name', row.name],
      ['Description', row.description],
      ['Schedule', `${row.cron_schedule} (${row.time_zone})`],
      ['Scope', row.scope],
      ['Enabled', row.enabled],
      ['Only new rows', row.delta],
      ['Last run', row.last_executed_at],
      ['Next run', row.next_execution_at],
      ['Query', row.query.replace(/\s+/g, ' ')],
    ],
  });
}

/** `windlass report schedule …` */
export function defineSchedules(report: Command, cli: CliContext): void {
  const noun = report.command('schedule').description('Queries that run by a schedule');

  serverCommand(
    noun,
    'add <name>',
    'Schedule a query',
    ["windlass report schedule add nightly --query critical-images --cron '0 2 * * *'", 'every night at 2:00 UTC'],
    [
      "windlass report schedule add new --query q.graphql --cron '0 8 * * mon' --time-zone Europe/Berlin --delta",
      'Mondays, what is new since the last run',
    ],
  )
    .requiredOption('--query <query>', 'prepared query, file, or GraphQL text that asks for one report')
    .requiredOption('--cron <schedule>', 'five fields: minute, hour, day of month, month, day of week')
    .option('--time-zone <name>', 'zone that the schedule is read in (default: UTC)')
    .option('--description <text>', 'what it is for')
    .option('--var <name=value>', 'variable of the query; may be repeated', collectVariable)
    .option('--delta', 'keep only rows that the run before did not have')
    .option('--keep-count <count>', 'results that are kept')
    .option('--keep-days <days>', 'days for which results are kept')
    .option('--global', 'over all accounts; for administrators')
    .option('--disabled', 'store it without running it')
    .action(async (name: string, options: AddOptions) => {
      const query = await queryText(options.query);
      const body = {
        name,
        query,
        cron_schedule: options.cron,
        variables: readVariables(query, options.var),
        enabled: !options.disabled,
        delta: options.delta ?? false,
        ...(options.global ? { scope: 'global' as const } : {}),
        ...(options.timeZone ? { time_zone: options.timeZone } : {}),
        ...(options.description ? { description: options.description } : {}),
        ...(options.keepCount ? { keep_count: Number(options.keepCount) } : {}),
        ...(options.keepDays ? { keep_days: Number(options.keepDays) } : {}),
      };
      await showSchedule(cli, options, await connect(cli, options).call(operations.create_report_schedule, { body }));
    });

  serverCommand(noun, 'list', 'List scheduled queries', ['windlass report schedule list', 'with their next run'])
    .addOption(new Option('--global', 'those over all accounts; for administrators'))
    .action(async (options: ServerOptions & { global?: boolean }) => {
      const query = options.global ? { scope: 'global' as const } : {};
      const data = await connect(cli, options).call(operations.list_report_schedules, { query });
      const id = (row: ReportSchedule) => row.uuid;
      await show(cli, options.output, { data, rows: data.items, columns: COLUMNS, id, empty: 'No scheduled queries.' });
    });

  serverCommand(noun, 'get <id>', 'Show a scheduled query', [
    'windlass report schedule get ID',
    'with its query',
  ]).action(async (uuid: string, options: ServerOptions) => {
    const params = { schedule_uuid: uuid };
    await showSchedule(cli, options, await connect(cli, options).call(operations.get_report_schedule, { params }));
  });

  for (const [word, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    serverCommand(noun, `${word} <id>`, `${enabled ? 'Start' : 'Stop'} running a query by its schedule`, [
      `windlass report schedule ${word} ID`,
      enabled ? 'missed runs are not made up for' : 'results stay',
    ]).action(async (uuid: string, options: ServerOptions) => {
      const input = { params: { schedule_uuid: uuid }, body: { enabled } };
      await showSchedule(cli, options, await connect(cli, options).call(operations.update_report_schedule, input));
    });

  serverCommand(noun, 'delete <id>', 'Delete a scheduled query and its results', [
    'windlass report schedule delete ID',
    'there is no way back',
  ]).action(async (uuid: string, options: ServerOptions) => {
    await connect(cli, options).call(operations.delete_report_schedule, { params: { schedule_uuid: uuid } });
    await showOne(cli, options.output, { data: { uuid, deleted: true }, id: uuid, fields: [['Deleted', uuid]] });
  });

  serverCommand(noun, 'run <id>', 'Run a scheduled query now', [
    'windlass report schedule run ID --wait',
    'and wait for its result',
  ])
    .option('--wait', 'wait until it has ended')
    .option('--timeout <seconds>', 'longest time to wait', '3600')
    .action(async (uuid: string, options: ServerOptions & { wait?: boolean; timeout: string }) => {
      const client = connect(cli, options);
      const started: ReportResult = await client.call(operations.run_report_schedule, {
        params: { schedule_uuid: uuid },
      });
      const result = options.wait ? await waitForResult(cli, client, started.uuid, Number(options.timeout)) : started;
      await showResult(cli, options, result);
    });
}
