import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { openDatabase } from '../open.ts';
import type { Database } from '../types.ts';
import { packFolder, unpackFolder } from './archive.ts';
import { socketFolder } from './cluster.ts';
import { startEngine } from './engine.ts';

const root = mkdtempSync(join(tmpdir(), 'windlass-embedded-'));
let folder = '';
let number = 0;
beforeEach(() => {
  folder = join(root, `data-${++number}`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let opened: Database[] = [];
afterEach(async () => {
  for (const database of opened) await database.close();
  opened = [];
});

async function open(path = folder): Promise<Database> {
  const database = await openDatabase(loadConfig({ env: { WINDLASS_DATA_DIR: path } }), { onError: () => undefined });
  opened.push(database);
  return database;
}

/** Runs the writer until it has said so many numbers, then kills it. Returns what it said. */
async function writeAndKill(acknowledgements: number): Promise<Set<string>> {
  const script = join(import.meta.dirname, '../fixtures/writer.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = new Set<string>();
  const exited = new Promise((resolve) => child.on('exit', resolve));
  // Read to the end: what was said before the kill counts, also when it is read after it.
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'open') said.add(line);
    if (said.size === acknowledgements) child.kill('SIGKILL');
  }
  await exited;
  return said;
}

describe('embedded database', () => {
  it('loses nothing acknowledged when its process is killed while it writes', async () => {
    const said = new Set<string>();
    for (const acknowledgements of [1, 150, 400])
      for (const line of await writeAndKill(acknowledgements)) said.add(line);
    const { db } = await open();
    const { rows } = await sql<{ worker: number; n: number; halves: number }>`
      select worker, n, count(*) as halves from written group by worker, n`.execute(db);
    const kept = new Set(rows.map((row) => `${row.worker} ${row.n}`));
    expect(said.size).toBeGreaterThan(550);
    expect([...said].filter((line) => !kept.has(line))).toEqual([]);
    expect(rows.every((row) => row.halves === 2)).toBe(true);
  });

  it('syncs to the disk', async () => {
    const { db } = await open();
    const { rows } = await sql<{ fsync: string }>`select current_setting('fsync') as fsync`.execute(db);
    expect(rows).toEqual([{ fsync: 'on' }]);
  });

  it('refuses a folder that is in use, naming the process', async () => {
    await open();
    await expect(open()).rejects.toThrow(`process ${process.pid} on`);
  });

  it('keeps its socket and files to this user', async () => {
    await open();
    expect(statSync(join(folder, 'database')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'database/.s.PGSQL.5432')).mode & 0o777).toBe(0o600);
  });

  it('works below a long path, with its socket elsewhere', async () => {
    const long = join(folder, 'x'.repeat(120));
    const { db } = await open(long);
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
    expect(socketFolder(join(long, 'database')).temporary).toBe(true);
  });

  it('refuses the files of another version of the engine', async () => {
    const cluster = join(folder, 'database/cluster');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(cluster, 'PG_VERSION'), '17\n');
    await expect(open()).rejects.toThrow(/written by PostgreSQL 17, this version reads PostgreSQL 18/);
  });

  it('begins again when the first start was cut off', async () => {
    mkdirSync(join(folder, 'database/cluster.new/base'), { recursive: true });
    const { db } = await open();
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });
});

describe('engine', () => {
  async function clients(count: number): Promise<{ clients: pg.Client[]; close(): Promise<void> }> {
    const engine = await startEngine({ folder, checkpointSeconds: 3_600, idleTransactionSeconds: 0.2, durable: false });
    const list = Array.from(
      { length: count },
      () => new pg.Client({ host: engine.socketFolder, user: 'postgres', database: 'postgres' }),
    );
    for (const client of list) {
      client.on('error', () => undefined);
      await client.connect();
    }
    return {
      clients: list,
      close: async () => {
        await Promise.allSettled(list.map((client) => client.end()));
        await engine.close();
      },
    };
  }

  it('keeps clients apart: parameters, transactions, errors', async () => {
    const { clients: list, close } = await clients(4);
    await list[0]?.query('create table t (client int, n int)');
    await Promise.all(
      list.map(async (client, index) => {
        for (let n = 0; n < 30; n++) {
          expect((await client.query('select $1::int as client, $2::int as n', [index, n])).rows).toEqual([
            { client: index, n },
          ]);
          await expect(client.query('select $1::int / 0', [n])).rejects.toMatchObject({ code: '22012' });
          await client.query('begin');
          await client.query('insert into t values ($1, $2)', [index, n]);
          await client.query(n % 2 === 0 ? 'commit' : 'rollback');
        }
      }),
    );
    const { rows } = (await list[0]?.query(
      'select client, count(*)::int as n from t group by client order by client',
    )) ?? { rows: [] };
    expect(rows).toEqual([0, 1, 2, 3].map((client) => ({ client, n: 15 })));
    await close();
  });

  it('takes large values and returns them', async () => {
    const { clients: list, close } = await clients(2);
    const text = 'ä'.repeat(3_000_000);
    const [big, small] = await Promise.all([
      list[0]?.query('select $1::text as text', [text]),
      list[1]?.query('select 1 as one'),
    ]);
    expect(big?.rows[0]?.text === text).toBe(true);
    expect(small?.rows).toEqual([{ one: 1 }]);
    await close();
  });

  it('rolls back when a client goes away, and lets the others go on', async () => {
    const { clients: list, close } = await clients(2);
    await list[0]?.query('create table t (n int)');
    await list[0]?.query('begin');
    await list[0]?.query('insert into t values (1)');
    const waiting = list[1]?.query('select count(*)::int as n from t');
    await list[0]?.end();
    expect((await waiting)?.rows).toEqual([{ n: 0 }]);
    await close();
  });

  it('ends a transaction that waits for another connection', async () => {
    const { clients: list, close } = await clients(2);
    await list[0]?.query('begin');
    expect((await list[1]?.query('select 1 as one'))?.rows).toEqual([{ one: 1 }]);
    await expect(list[0]?.query('select 1')).rejects.toThrow();
    await close();
  });

  it('refuses what it cannot do', async () => {
    const { clients: list, close } = await clients(2);
    await expect(list[0]?.query('copy pg_class from stdin')).rejects.toThrow('COPY FROM STDIN is not supported');
    expect((await list[1]?.query('select 1 as one'))?.rows).toEqual([{ one: 1 }]);
    await close();
  });
});

describe('folder archive', () => {
  it('returns what was packed', () => {
    const from = join(root, 'pack');
    mkdirSync(join(from, 'a/b'), { recursive: true });
    mkdirSync(join(from, 'empty'));
    writeFileSync(join(from, 'a/b/file'), 'line\n{"path":"x"}\n');
    writeFileSync(join(from, 'a/none'), '');
    const packed = packFolder(from);
    unpackFolder(packed, join(root, 'unpacked'), true);
    expect(packFolder(join(root, 'unpacked'))).toEqual(packed);
    expect(readFileSync(join(root, 'unpacked/a/b/file'), 'utf8')).toBe('line\n{"path":"x"}\n');
  });
});
