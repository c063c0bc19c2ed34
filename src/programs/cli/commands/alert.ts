import { type Command, Option } from 'commander';
import { alertsOperations, type ComplianceViolationAlert } from '#contract/alerts.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<ComplianceViolationAlert>[] = [
  { title: 'uuid', value: (row) => row.uuid, keep: true },
  { title: 'state', value: (row) => row.state, keep: true },
  { title: 'tag', value: (row) => row.resource?.image_tag },
  { title: 'policy', value: (row) => row.resource?.policy_id },
  { title: 'violations', value: (row) => row.violations_count, align: 'right' },
  { title: 'opened', value: (row) => row.created_at, keep: true },
  { title: 'closed by', value: (row) => row.closed_by },
];

/** `windlass alert …` */
export function defineAlert(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'list',
    'List compliance alerts, newest first',
    ['windlass alert list', 'open ones: tags with an active "alerts" subscription that the active policy stops'],
    ['windlass alert list --state all --tag docker.io/library/app:1', 'the history of a tag'],
  )
    .addOption(new Option('--state <state>', 'state').choices(['open', 'closed', 'all']).default('open'))
    .option('--tag <tag>', 'of one tag, in full')
    .option('--page <number>', 'page of 100', '1')
    .action(async (options: ServerOptions & { state: 'open' | 'closed' | 'all'; tag?: string; page: string }) => {
      const { state, tag, page } = options;
      const rows = await connect(cli, options).call(alertsOperations.get_compliance_violation_alerts, {
        query: { state, page, ...(tag ? { resource_image_tag: tag } : {}) },
      });
      await show(cli, options.output, {
        data: rows,
        rows,
        columns: COLUMNS,
        id: (row) => row.uuid,
        empty: state === 'open' ? 'No open alerts.' : 'No alerts.',
      });
    });

  for (const [word, state] of [
    ['close', 'closed'],
    ['reopen', 'open'],
  ] as const) {
    serverCommand(noun, `${word} <uuid>`, `${word === 'close' ? 'Close' : 'Open'} an alert by hand`, [
      `windlass alert ${word} 7d0f…`,
      'alerts close by themselves when the verdict changes',
    ]).action(async (uuid: string, options: ServerOptions) => {
      const data = await connect(cli, options).call(alertsOperations.update_compliance_violation_alert_state, {
        params: { uuid },
        body: { state },
      });
      await show(cli, options.output, { data, rows: [data], columns: COLUMNS, id: (row) => row.uuid });
    });
  }
}
