import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { FeedProvider, FeedSource } from '#contract/windlass-feeds.ts';
import { windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import type { CliContext } from '../context.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import { formatBytes } from '../terminal/size.ts';
import type { Column } from '../terminal/table.ts';

const PROVIDERS: Column<FeedProvider>[] = [
  { title: 'provider', value: ({ provider }) => provider },
  { title: 'records', value: ({ record_count }) => record_count, align: 'right' },
  { title: 'captured', value: ({ captured_at }) => captured_at },
  { title: 'age (days)', value: ({ age_seconds }) => Math.floor(age_seconds / 86_400), align: 'right' },
  { title: 'state', value: ({ state, excluded }) => (excluded ? 'excluded' : state) },
];

const SOURCES: Column<FeedSource>[] = [
  { title: 'source', value: ({ name }) => name },
  { title: 'state', value: ({ state }) => state },
  { title: 'origin', value: ({ origin }) => origin },
  { title: 'location', value: ({ location }) => location },
  { title: 'fetched', value: ({ fetched_at }) => fetched_at },
  { title: 'note', value: ({ error }) => error },
];

/** `windlass feed providers|sources|export` */
export function defineFeedSources(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'providers', 'List providers with record counts and age', [
    'windlass feed providers',
    'stale ones have an alarm',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(windlassFeedsOperations.list_feed_providers);
    await show(cli, options.output, { data, rows: data.items, columns: PROVIDERS, id: ({ provider }) => provider });
  });

  serverCommand(noun, 'sources', 'List sources with their last good copies', [
    'windlass feed sources',
    'what failed, and why',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(windlassFeedsOperations.list_feed_sources);
    await show(cli, options.output, { data, rows: data.items, columns: SOURCES, id: ({ name }) => name });
  });

  serverCommand(
    noun,
    'export <file>',
    'Save all vulnerability data in use as one file, for a server without a network',
    ['windlass feed export windlass-feeds.tar', 'then elsewhere: windlass feed import windlass-feeds.tar'],
  ).action(async (file: string, options: ServerOptions) => {
    const response = await connect(cli, options).call(
      windlassFeedsOperations.export_feed_bundle,
      {},
      { signal: cli.signal },
    );
    const partial = `${file}.partial`;
    let size = 0;
    try {
      await pipeline(
        Readable.fromWeb(response.body as never),
        async function* (source) {
          for await (const part of source as AsyncIterable<Uint8Array>) {
            size += part.length;
            yield part;
          }
        },
        createWriteStream(partial),
      );
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    await showOne(cli, options.output, {
      data: { file, size },
      id: file,
      fields: [
        ['File', file],
        ['Size', formatBytes(size)],
      ],
    });
  });
}
