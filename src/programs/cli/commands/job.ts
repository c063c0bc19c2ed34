import { type Command, Option } from 'commander';
import { Job, windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<Job>[] = [
  { title: 'id', value: (job) => job.id, keep: true },
  { title: 'kind', value: (job) => job.kind, keep: true },
  { title: 'state', value: (job) => job.state, keep: true },
  { title: 'key', value: (job) => job.key },
  { title: 'created', value: (job) => job.created_at },
  { title: 'progress', value: (job) => (job.error ? job.error : job.progress ? JSON.stringify(job.progress) : '') },
];

/** `windlass job …` */
export function defineJob(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List background jobs, newest first', [
    'windlass job list --state active',
    'what runs now',
  ])
    .option('--kind <kind>', 'image-analyze, feed-sync, feed-rematch …')
    .addOption(new Option('--state <state>', 'state').choices(Job.shape.state.options))
    .option('--limit <count>', 'how many', '100')
    .action(async (options: ServerOptions & { kind?: string; state?: string; limit: string }) => {
      const query = {
        limit: options.limit,
        ...(options.kind ? { kind: options.kind } : {}),
        ...(options.state ? { state: options.state } : {}),
      };
      const data = await connect(cli, options).call(windlassOperations.list_jobs, { query });
      await show(cli, options.output, {
        data,
        rows: data.items,
        columns: COLUMNS,
        id: (job) => job.id,
        empty: 'No jobs.',
      });
    });

  serverCommand(noun, 'cancel <id>', 'Cancel a background job', [
    'windlass job cancel 0198…',
    'it may be asked for again',
  ]).action(async (id: string, options: ServerOptions) => {
    const job = await connect(cli, options).call(windlassOperations.cancel_job, { params: { job_id: id } });
    await show(cli, options.output, { data: job, rows: [job], columns: COLUMNS, id: (row) => row.id });
  });
}
