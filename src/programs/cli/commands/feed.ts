import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { Client } from '#client/index.ts';
import { type FeedGroupMetadata, type FeedMetadata, feedsOperations } from '#contract/feeds.ts';
import { windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';
import { waitForJob } from '../wait-for-job.ts';
import { defineFeedAdvisories } from './feed-advisories.ts';
import { defineFeedBuilds } from './feed-builds.ts';
import { defineFeedSources } from './feed-sources.ts';

const IMPORT_TIMEOUT_MS = 3_600_000;

interface Row {
  feed: FeedMetadata;
  group?: FeedGroupMetadata;
}

const COLUMNS: Column<Row>[] = [
  { title: 'feed', value: ({ feed }) => feed.name },
  { title: 'group', value: ({ group }) => group?.name },
  { title: 'records', value: ({ group }) => group?.record_count, align: 'right' },
  { title: 'built', value: ({ feed, group }) => group?.data_service_built_at ?? feed.data_service_built_at },
  { title: 'received', value: ({ feed }) => feed.enterprise_received_at },
];

/** `windlass feed …` */
export function defineFeed(noun: Command, cli: CliContext): void {
  serverCommand(noun, 'list', 'List vulnerability data with its age', [
    'windlass feed list',
    'one line for each provider',
  ]).action(async (options: ServerOptions) => {
    const data = await connect(cli, options).call(feedsOperations.get_system_feeds);
    const rows = data.flatMap((feed): Row[] =>
      feed.groups?.length ? feed.groups.map((group) => ({ feed, group })) : [{ feed }],
    );
    await show(cli, options.output, {
      data,
      rows,
      columns: COLUMNS,
      id: ({ feed, group }) => group?.name ?? feed.name,
    });
  });

  serverCommand(noun, 'sync', 'Look for newer vulnerability data now, and wait for it', [
    'windlass feed sync',
    'from the configured location',
  ])
    .option('--force', 'take it although it is older than what is there')
    .action(async (options: ServerOptions & { force?: boolean }) => {
      const query = options.force ? { force_sync: true } : {};
      const data = await connect(cli, options).call(
        feedsOperations.post_system_feeds,
        { query },
        { signal: cli.signal },
      );
      // The server answers after a minute at most; the work may take longer.
      if (/goes on in the background/.test(data.message ?? '')) {
        await waitForJob(cli, connect(cli, options), {
          kind: 'feed-sync',
          key: 'latest',
          timeoutMs: IMPORT_TIMEOUT_MS,
        });
        data.message = 'synchronised';
      }
      await showOne(cli, options.output, { data, id: undefined, fields: [['Result', data.message]] });
    });

  serverCommand(
    noun,
    'import <file>',
    'Upload vulnerability data for a server without a network: a bundle, an archive, or a folder with latest.json',
    ['windlass feed import windlass-feeds.tar --wait', 'as exported or downloaded elsewhere'],
  )
    .option('--wait', 'wait until it is in use')
    .option('--feed <name>', 'what a single file is: vulnerability_db, kev_db or epss_db', 'vulnerability_db')
    .action(async (file: string, options: ServerOptions & { wait?: boolean; feed: string }) => {
      const client = connect(cli, options);
      const archive = await describeArchive(file);
      const raw = new FormData();
      raw.append('file', await openAsBlob(archive.path), basename(archive.path));
      const { version, built, checksum } = archive;
      await client.call(
        feedsOperations.upload_system_feed,
        { params: { feed: options.feed }, query: { version, built, checksum }, raw },
        { signal: cli.signal },
      );
      const state = options.wait ? await waitForImport(cli, client, checksum) : 'importing';
      await showOne(cli, options.output, {
        data: { ...archive, state },
        id: checksum,
        fields: [
          ['Checksum', checksum],
          ['State', options.wait ? state : 'importing; see: windlass job list --kind feed-sync'],
        ],
      });
    });

  defineFeedAdvisories(noun, cli);
  defineFeedBuilds(noun, cli);
  defineFeedSources(noun, cli);
}

/** Waits for the import of a file; what came of it. */
async function waitForImport(cli: CliContext, client: Client, checksum: string): Promise<string> {
  const job = { kind: 'feed-sync', key: checksum };
  await waitForJob(cli, client, { ...job, timeoutMs: IMPORT_TIMEOUT_MS });
  const { items } = await client.call(windlassOperations.list_jobs, { query: { ...job, limit: 1 } });
  const result = items[0]?.progress?.result as { changed?: boolean; reason?: string } | undefined;
  return result?.changed === false ? (result.reason ?? 'unchanged') : 'in use';
}

interface Archive {
  path: string;
  /** Schema version as in `6.1.9`. */
  version: string;
  /** RFC 3339. */
  built: string;
  checksum: string;
}

/** What the upload must tell about an archive: from its listing, else from its name, else from the file itself. */
async function describeArchive(file: string): Promise<Archive> {
  const info = await stat(file);
  if (info.isDirectory()) {
    const listing = JSON.parse(await readFile(join(file, 'latest.json'), 'utf8')) as Record<string, unknown>;
    const { path, checksum, built, schemaVersion } = listing;
    if (typeof path !== 'string' || typeof checksum !== 'string' || typeof built !== 'string')
      throw usageFailure(`${join(file, 'latest.json')} names no archive`);
    return { path: join(file, path), version: String(schemaVersion ?? '6').replace(/^v/, ''), built, checksum };
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const name = /_v(\d+\.\d+\.\d+)_.*?_(\d{9,11})\.tar/.exec(basename(file));
  const built = name ? new Date(Number(name[2]) * 1000) : info.mtime;
  return {
    path: file,
    version: name?.[1] ?? '6',
    built: built.toISOString(),
    checksum: `sha256:${hash.digest('hex')}`,
  };
}
