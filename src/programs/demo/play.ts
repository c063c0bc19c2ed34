import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type Client, createClient } from '#client/index.ts';
import { feedsOperations } from '#contract/feeds.ts';
import { windlassOperations } from '#contract/windlass.ts';
import type { CliContext } from '../cli/context.ts';
import { CliFailure } from '../cli/failure.ts';
import { progressLine } from '../cli/terminal/progress.ts';
import { waitForImage } from '../cli/wait-for-image.ts';
import { waitForJob } from '../cli/wait-for-job.ts';
import { writeDatabase } from './database.ts';
import { reportDemo } from './report.ts';
import { sampleAdvisories } from './sample-advisories.ts';
import { SAMPLE_TAG, sampleImage } from './sample-image.ts';
import { writeTar } from './tar-writer.ts';

/** The server that the demo is played on. */
export interface DemoServer {
  url: string;
  password: string;
  /** A folder for files that are needed meanwhile. */
  folder: string;
}

const TIMEOUT_MS = 5 * 60_000;

/** Loads the sample data through the API, has the sample image analysed, and prints what was found. */
export async function playDemo(cli: CliContext, { url, password, folder }: DemoServer): Promise<void> {
  const client = createClient({
    url,
    cookies: 'omit',
    auth: { username: 'admin', password },
    ...(cli.fetch ? { fetch: cli.fetch } : {}),
  });
  await cli.stdout.write(`Server: ${url}\n`);
  const data = sampleAdvisories(cli.now().toISOString());
  await cli.stdout.write(`Loading a sample database of ${data.records.length} advisories …\n`);
  await loadDatabase(cli, client, folder, data);
  const digest = await addImage(cli, client);
  await reportDemo(cli, client, digest, SAMPLE_TAG);
}

async function loadDatabase(
  cli: CliContext,
  client: Client,
  folder: string,
  data: Parameters<typeof writeDatabase>[1],
): Promise<void> {
  const path = join(folder, 'sample.db');
  try {
    writeDatabase(path, data);
    const archive = zstdCompressSync(writeTar([{ path: 'vulnerability.db', content: await readFile(path) }]));
    const checksum = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
    const raw = new FormData();
    raw.append('file', new Blob([archive]), 'vulnerability-db.tar.zst');
    const query = { version: '6.1.9', built: data.builtAt, checksum };
    await client.call(
      feedsOperations.upload_system_feed,
      { params: { feed: 'vulnerability_db' }, query, raw },
      { signal: cli.signal },
    );
    await waitForJob(cli, client, { kind: 'feed-sync', key: checksum, timeoutMs: TIMEOUT_MS });
  } finally {
    await rm(path, { force: true });
  }
}

async function addImage(cli: CliContext, client: Client): Promise<string> {
  const archive = sampleImage();
  await cli.stdout.write(`Uploading the sample image ${SAMPLE_TAG} (${archive.length} bytes) …\n`);
  const raw = new Uint8Array(archive);
  const { items } = await client.call(
    windlassOperations.upload_image_archive,
    { query: { tag: [SAMPLE_TAG] }, raw },
    { signal: cli.signal },
  );
  const digest = items[0]?.image_digest;
  if (digest === undefined) throw new CliFailure('the server did not take the sample image');
  const progress = progressLine(cli, 'auto');
  const image = await waitForImage(cli, client, digest, { progress, timeoutMs: TIMEOUT_MS });
  if (image.analysis_status !== 'analyzed')
    throw new CliFailure(`the sample image ended as ${image.analysis_status ?? 'unknown'}`);
  return digest;
}
