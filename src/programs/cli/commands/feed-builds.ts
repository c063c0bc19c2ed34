import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { windlassOperations } from '#contract/windlass.ts';
import type { FeedBuild } from '#contract/windlass-feeds.ts';
import { windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<FeedBuild>[] = [
  { title: 'checksum', value: ({ checksum }) => checksum.slice(7, 19) },
  { title: 'state', value: ({ state }) => state },
  { title: 'built', value: ({ built_at }) => built_at },
  { title: 'records', value: ({ records }) => records, align: 'right' },
  { title: 'sources', value: ({ sources }) => sources.map(({ name }) => name).join(', ') },
  { title: 'note', value: ({ error, reasons }) => error ?? reasons.join('; ') },
];

/** `windlass feed builds|approve|reject|rollback` */
export function defineFeedBuilds(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'builds', 'List builds of the vulnerability data, newest first', [
    'windlass feed builds',
    'held ones wait for a decision',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(windlassOperations.list_feed_builds);
    await show(cli, options.output, { data, rows: data.items, columns: COLUMNS, id: ({ checksum }) => checksum });
  });

  for (const decision of ['approve', 'reject'] as const) {
    serverCommand(
      noun,
      `${decision} <checksum>`,
      decision === 'approve' ? 'Use a build that is held' : 'Refuse a build that is held',
      [`windlass feed ${decision} 3f2a9c41d0b7`, 'the beginning of the checksum will do'],
    ).action(async (text: string, options: ServerOptions) => {
      const client = connect(cli, options);
      const checksum = await findChecksum(client, text);
      const operation = windlassFeedsOperations[`${decision}_feed_build`];
      await showBuild(cli, options, await client.call(operation, { params: { checksum } }, { signal: cli.signal }));
    });
  }

  serverCommand(noun, 'rollback', 'Go back to the previous build; the one in use is held', [
    'windlass feed rollback',
    'matches follow',
  ]).action(async (options: ServerOptions) => {
    const build = await connect(cli, options).call(
      windlassFeedsOperations.rollback_feed_build,
      {},
      { signal: cli.signal },
    );
    await showBuild(cli, options, build);
  });
}

async function showBuild(cli: CliContext, options: ServerOptions, build: FeedBuild): Promise<void> {
  await showOne(cli, options.output, {
    data: build,
    id: build.checksum,
    fields: [
      ['Checksum', build.checksum],
      ['State', build.state],
      ['Built', build.built_at],
      ['Records', String(build.records)],
    ],
  });
}

/** The whole checksum for its beginning. Throws a usage failure when it fits no build, or several. */
async function findChecksum(client: Client, text: string): Promise<string> {
  const wanted = text.toLowerCase().replace(/^sha256:/, '');
  if (/^[0-9a-f]{64}$/.test(wanted)) return `sha256:${wanted}`;
  const { items } = await client.call(windlassOperations.list_feed_builds);
  const found = items.filter(({ checksum }) => checksum.slice(7).startsWith(wanted));
  if (found.length !== 1 || wanted === '')
    throw usageFailure(found.length === 0 ? `no build begins with ${text}` : `several builds begin with ${text}`);
  return found[0]?.checksum ?? '';
}
