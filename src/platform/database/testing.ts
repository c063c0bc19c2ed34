import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase } from './database.ts';
import { packFolder } from './embedded/archive.ts';
import { templatePath } from './embedded/cluster.ts';
import { openEmbedded } from './embedded/open.ts';
import { type Migration, migrate, readMigrations } from './migrations.ts';
import { connectPostgres } from './postgres.ts';
import type { Database } from './types.ts';

/** Where database tests run: on the PostgreSQL server of `TEST_DATABASE_URL`, else on the embedded engine. */
export const testServer: string | undefined = process.env.TEST_DATABASE_URL || undefined;

function report(error: unknown): void {
  process.stderr.write(`test database: ${String(error)}\n`);
}

/** A state of before: the last migration that it had, and what was stored then. */
export interface FormerState {
  last: string;
  fill(pool: pg.Pool): Promise<void>;
}

/**
 * A fresh, migrated database for one test file. `close` removes it. Take it in `beforeAll`. With `former` it was filled
 * when it had the migrations up to that one, and brought up to date after that.
 */
export async function testDatabase(former?: FormerState): Promise<Database> {
  return testServer ? onServer(testServer, former) : embedded(former);
}

/** Fills the database in its former state, and applies what came since. */
async function upgrade(pool: pg.Pool, { last, fill }: FormerState): Promise<void> {
  await migrate(pool, upTo(last));
  await fill(pool);
  await migrate(pool, readMigrations());
}

function upTo(last: string): Migration[] {
  return readMigrations().filter(({ name }) => name <= last);
}

async function onServer(server: string, former: FormerState | undefined): Promise<Database> {
  const name = `windlass_test_${randomUUID().replaceAll('-', '')}`;
  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await administer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const { pool, client } = await connectPostgres({
    url: url.toString(),
    poolSize: 8,
    connectTimeoutSeconds: 10,
    onError: report,
  });
  await (former ? upgrade(pool, former) : migrate(pool, readMigrations()));
  return createDatabase({
    kind: 'postgres',
    pool,
    client,
    report,
    onClose: () => administer(`drop database if exists ${name} with (force)`),
  });
}

async function embedded(former: FormerState | undefined): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-db-'));
  const template = await migratedTemplate(former ? upTo(former.last) : readMigrations());
  const { pool, engine } = await openEmbedded({ folder, checkpointSeconds: 3_600, durable: false, template }, report);
  if (former) await upgrade(pool, former);
  return createDatabase({
    kind: 'embedded',
    pool,
    report,
    onClose: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** A packed cluster with all tables, made once for a set of migrations and kept in the temporary folder. */
async function migratedTemplate(migrations: Migration[]): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(templatePath));
  for (const { checksum } of migrations) hash.update(checksum);
  const cache = join(tmpdir(), 'windlass-test-templates');
  const path = join(cache, `${hash.digest('hex').slice(0, 24)}.zst`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'windlass-db-'));
  try {
    const { pool, engine } = await openEmbedded({ folder, checkpointSeconds: 3_600, durable: false }, report);
    await migrate(pool, migrations);
    await pool.end();
    await engine.close();
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, packFolder(join(folder, 'cluster'), 1));
    renameSync(partial, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return path;
}
