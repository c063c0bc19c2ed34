import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { writeDatabase } from '#programs/demo/database.ts';
import { sampleAdvisories } from '#programs/demo/sample-advisories.ts';
import { writeTar } from '#programs/demo/tar-writer.ts';
import { runServer } from '#programs/server.ts';
import { ensureWebBuilt } from '../../scripts/build-web.ts';

/** A real server with a built page, a database build to synchronise, and an empty account. */
export interface DemoServer {
  url: string;
  password: string;
  stop(): Promise<void>;
}

/** Starts a server of its own data folder on a free port. */
export async function startDemoServer(): Promise<DemoServer> {
  await ensureWebBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'windlass-web-'));
  const feed = join(folder, 'feed');
  await mkdir(feed);
  await publishDatabase(feed);
  const password = 'a password for the page';
  const server = await runServer({
    env: {
      WINDLASS_DATA_DIR: join(folder, 'data'),
      WINDLASS_PORT: '0',
      WINDLASS_HOST: '127.0.0.1',
      WINDLASS_ADMIN_PASSWORD: password,
      WINDLASS_FEED_URL: feed,
      WINDLASS_FEED_AUTO_SYNC: 'false',
      WINDLASS_LOG_LEVEL: 'error',
    },
  });
  return {
    url: server.url!.replace('localhost', '127.0.0.1'),
    password,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes the sample advisories as a build with its `latest.json`. */
async function publishDatabase(folder: string): Promise<void> {
  const built = new Date(Date.now() - 3_600_000).toISOString();
  const database = join(folder, 'sample.db');
  writeDatabase(database, sampleAdvisories(built));
  const archive = zstdCompressSync(writeTar([{ path: 'vulnerability.db', content: await readFile(database) }]));
  await rm(database);
  const path = 'vulnerability-db_sample.tar.zst';
  const checksum = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  await writeFile(join(folder, path), archive);
  await writeFile(
    join(folder, 'latest.json'),
    JSON.stringify({ status: 'active', schemaVersion: 'v6.1.9', built, path, checksum }),
  );
}
