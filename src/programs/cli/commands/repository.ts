import type { Command } from 'commander';
import { repositoriesOperations } from '#contract/repositories.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show } from '../show.ts';
import { SUBSCRIPTION_COLUMNS } from './subscription.ts';

/** `windlass repository …` */
export function defineRepository(noun: Command, cli: CliContext): void {
  serverCommand(
    noun,
    'add <repository>',
    'Watch a repository and add the images of its tags',
    ['windlass repository add registry.example.com/team/app', 'all tags, now and in future'],
    ['windlass repository add debian --dry-run', 'only list what would be watched'],
  )
    .option('--dry-run', 'change nothing')
    .option('--exclude-existing', 'only tags that appear from now on')
    .option('--auto-subscribe', 'watch each tag for new images, too')
    .action(
      async (
        repository: string,
        options: ServerOptions & { dryRun?: boolean; excludeExisting?: boolean; autoSubscribe?: boolean },
      ) => {
        const rows = await connect(cli, options).call(repositoriesOperations.add_repository, {
          query: {
            repository,
            ...(options.dryRun ? { dry_run: true } : {}),
            ...(options.excludeExisting ? { exclude_existing_tags: true } : {}),
            ...(options.autoSubscribe ? { auto_subscribe: true } : {}),
          },
        });
        await show(cli, options.output, {
          data: rows,
          rows,
          columns: SUBSCRIPTION_COLUMNS,
          id: (row) => row.subscription_key,
        });
      },
    );
}
