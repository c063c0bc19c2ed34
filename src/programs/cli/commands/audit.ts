import { type Command, Option } from 'commander';
import { type AuditEntry, windlassAuditOperations } from '#contract/windlass-audit.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<AuditEntry>[] = [
  { title: 'time', value: (row) => row.at, keep: true },
  { title: 'user', value: (row) => row.username },
  { title: 'account', value: (row) => row.account_name },
  { title: 'operation', value: (row) => row.operation },
  { title: 'status', value: (row) => row.status, keep: true },
  {
    title: 'on',
    value: (row) =>
      Object.values(row.params)
        .filter((value) => typeof value === 'string')
        .join(' '),
  },
  { title: 'from', value: (row) => row.address },
];

interface AuditOptions extends ServerOptions {
  user?: string;
  in?: string;
  operation?: string;
  outcome?: 'success' | 'failure';
  since?: string;
  before?: string;
  limit: string;
}

/** `windlass audit …` */
export function defineAudit(noun: Command, cli: CliContext, exit: (code: number) => void): void {
  serverCommand(
    noun,
    'list',
    'List changes and attempts at them, newest first; for administrators',
    ['windlass audit list --user ci --since 2026-01-31', 'what a user did'],
    ['windlass audit list --outcome failure', 'what was refused'],
  )
    .option('--user <name>', 'of one user')
    .option('--in <account>', 'in one account')
    .option('--operation <id>', 'operation of the API, e.g. delete_image')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['success', 'failure']))
    .option('--since <time>', 'RFC 3339 time or date')
    .option('--before <time>', 'RFC 3339 time or date')
    .option('--limit <count>', 'how many', '100')
    .action(async (options: AuditOptions) => {
      const { user, in: account, operation, outcome, since, before, limit } = options;
      const data = await connect(cli, options).call(windlassAuditOperations.list_audit_entries, {
        query: {
          limit,
          ...(user ? { username: user } : {}),
          ...(account ? { account_name: account } : {}),
          ...(operation ? { operation } : {}),
          ...(outcome ? { outcome } : {}),
          ...(since ? { since } : {}),
          ...(before ? { before } : {}),
        },
      });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: COLUMNS,
        id: (row) => String(row.id),
        empty: 'No entries.',
      });
    });

  serverCommand(noun, 'verify', 'Check that no entry was changed or removed; exits with 1 when one was', [
    'windlass audit verify',
    'compare the last seal with one that was written down before',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(windlassAuditOperations.verify_audit_log);
    await showOne(cli, options.output, {
      data,
      id: data.last_seal ?? undefined,
      fields: [
        ['Intact', data.intact],
        ['Broken at', data.broken_at ? `entry ${data.broken_at.id}: ${data.broken_at.reason}` : undefined],
        ['Sealed entries', data.entries],
        ['Not sealed yet', data.unsealed],
        ['Last seal', data.last_seal],
      ],
    });
    if (!data.intact) exit(1);
  });
}
