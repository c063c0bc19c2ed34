import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { json, openDatabase, storableText } from './index.ts';
import { vacuum } from './maintenance.ts';
import { type Migration, migrate } from './migrations.ts';
import { renderSchema, schemaPath } from './schema-source.ts';
import { testDatabase, testServer } from './testing.ts';
import { runTransaction } from './transactions.ts';
import type { Database } from './types.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function until(look: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !look(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(look()).toBe(true);
}

describe('schema.generated.ts', () => {
  it('is what the migrations make (else run: node scripts/generate-schema.ts)', async () => {
    // Tables made by other tests of this file begin with "spec_".
    expect(await renderSchema(database.db)).toBe(readFileSync(schemaPath, 'utf8'));
  });
});

describe('column types', () => {
  it('reads and writes what the schema says', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    await database.db.insertInto('account').values({ name: 'types', type: 'user', created_at: at }).execute();
    const row = await database.db
      .selectFrom('account')
      .selectAll()
      .where('name', '=', 'types')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ created_at: at, email: null, state: 'enabled' });
    const { rows } = await sql`
      select 9007199254740991::int8 as safe, 9007199254740993::int8 as large, '2026-03-01'::date as day, 1.50::numeric as numeric,
        ${json([1, { a: 'b' }])}::jsonb as document, ${['x', 'y,"{}']}::text[] as list`.execute(database.db);
    expect(rows[0]).toEqual({
      safe: 9_007_199_254_740_991,
      large: 9_007_199_254_740_993n,
      day: '2026-03-01',
      numeric: '1.50',
      document: [1, { a: 'b' }],
      list: ['x', 'y,"{}'],
    });
  });

  it('stores any text that scanned files may hold', async () => {
    const hostile = { name: 'a\0b\ud800c\\u0000\u{1f600}' };
    const { rows } = await sql<{ document: { name: string }; text: string }>`
      select ${json(hostile)}::jsonb as document, ${storableText(hostile.name)}::text as text`.execute(database.db);
    expect(rows[0]?.document.name).toBe('a\ufffdb\ufffdc\\u0000\u{1f600}');
    expect(rows[0]?.text).toBe('a\ufffdb\ufffdc\\u0000\u{1f600}');
  });
});

describe('transaction', () => {
  it('is all or nothing', async () => {
    const work = database.transaction(async (tx) => {
      await tx.insertInto('account').values({ name: 'gone', type: 'user' }).execute();
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect(await database.db.selectFrom('account').where('name', '=', 'gone').selectAll().execute()).toEqual([]);
  });

  it.each(['40001', '40P01'])('runs again after %s', async (code) => {
    let tries = 0;
    const result = await runTransaction(database.db, async (tx) => {
      if (++tries < 3)
        await sql`do ${sql.raw(`$$ begin raise exception 'clash' using errcode = '${code}'; end $$`)}`.execute(tx);
      return tries;
    });
    expect(result).toBe(3);
  });

  it('gives other errors on at once', async () => {
    let tries = 0;
    const work = database.transaction(async (tx) => {
      tries++;
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(tries).toBe(1);
  });
});

describe('notify and listen', () => {
  it('delivers after commit, in order, and not after rollback', async () => {
    const heard: string[] = [];
    const stop = await database.listen('spec_channel', (payload) => heard.push(payload));
    await database.transaction(async (tx) => {
      await database.notify(tx, 'spec_channel', 'one');
      await database.notify(tx, 'spec_channel', 'two');
      await sql`select 1`.execute(tx);
      expect(heard).toEqual([]);
    });
    await database
      .transaction(async (tx) => {
        await database.notify(tx, 'spec_channel', 'never');
        throw new Error('stop');
      })
      .catch(() => undefined);
    await database.notify(database.db, 'spec_channel', 'three');
    await until(() => heard.length === 3);
    expect(heard).toEqual(['one', 'two', 'three']);
    await stop();
  });

  it('refuses what one of the databases would not take', async () => {
    await expect(database.notify(database.db, 'Bad; channel', 'x')).rejects.toThrow('not a channel name');
    await expect(database.notify(database.db, 'spec_channel', 'x'.repeat(8_000))).rejects.toThrow('7,999 bytes');
  });

  it.skipIf(!testServer)('listens again after its connection broke', async () => {
    const heard: string[] = [];
    const stop = await database.listen('spec_break', (payload) => heard.push(payload));
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`.execute(database.db);
    for (let i = 0; heard.length === 0 && i < 200; i++) {
      await database.notify(database.db, 'spec_break', 'again');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(heard[0]).toBe('again');
    await stop();
  });
});

describe('migrations', () => {
  const one: Migration = {
    name: '0001_spec',
    sql: 'create table spec_one (a int); create table spec_two (b int);',
    checksum: 'aa',
  };

  async function withPool(work: (pool: pg.Pool) => Promise<void>): Promise<void> {
    // A pool of its own, whose tables lie in a schema of their own.
    const fake = {
      connect: async () => ({
        query: async (text: string, values?: unknown[]) => {
          const { rows } = await database.db.executeQuery({
            sql: text,
            parameters: values ?? [],
            query: { kind: 'RawNode' },
          } as never);
          return { rows };
        },
        release: () => undefined,
      }),
    };
    await work(fake as unknown as pg.Pool);
  }

  it('refuses a database of a newer version, and one that differs', async () => {
    await withPool(async (pool) => {
      await expect(migrate(pool, [one])).rejects.toThrow(/newer version of Windlass \(.*0001_core/);
    });
    const { rows } = await sql<{ name: string; checksum: string }>`select name, checksum from schema_migration`.execute(
      database.db,
    );
    const known = rows.map((row) => ({ ...row, sql: '' }));
    await withPool(async (pool) => {
      expect(await migrate(pool, known)).toEqual([]);
      const altered = known.map((migration, index) => (index === 0 ? { ...migration, checksum: 'other' } : migration));
      await expect(migrate(pool, altered)).rejects.toThrow('applied to this database with another text');
    });
  });
});

describe('maintenance', () => {
  it.skipIf(testServer)('cleans tables with many dead rows', async () => {
    await sql`create table spec_dead (n int)`.execute(database.db);
    await sql`insert into spec_dead select generate_series(1, 5000)`.execute(database.db);
    await sql`update spec_dead set n = n + 1`.execute(database.db);
    expect(await vacuum(database.db)).toContain('public.spec_dead');
    expect(await vacuum(database.db)).not.toContain('public.spec_dead');
    await sql`drop table spec_dead`.execute(database.db);
  });
});

describe('openDatabase', () => {
  const open = (url: string): Promise<Database> =>
    openDatabase(loadConfig({ env: { DATABASE_URL: url, WINDLASS_DATABASE_CONNECT_TIMEOUT_SECONDS: '1' } }), {
      onError: () => undefined,
    });

  it('says that a server cannot be reached, without the password', async () => {
    const work = open('postgres://me:hunter2@127.0.0.1:1/name');
    await expect(work).rejects.toThrow(/database name at 127.0.0.1:1 cannot be used: .*ECONNREFUSED/);
    await expect(work).rejects.not.toThrow('hunter2');
  });

  it.skipIf(!testServer)('says that a database does not exist', async () => {
    const url = new URL(testServer ?? '');
    url.pathname = '/windlass_no_such_database';
    await expect(open(url.toString())).rejects.toThrow(/does not exist; create it first/);
  });

  it.skipIf(!testServer)('brings a fresh database up to date when several processes start at once', async () => {
    const url = new URL(testServer ?? '');
    const client = new pg.Client({ connectionString: testServer });
    await client.connect();
    await client.query('drop database if exists windlass_spec_open');
    await client.query('create database windlass_spec_open');
    url.pathname = '/windlass_spec_open';
    const databases = await Promise.all([1, 2, 3].map(() => open(url.toString())));
    for (const { db } of databases) expect(await db.selectFrom('account').selectAll().execute()).toEqual([]);
    await Promise.all(databases.map((each) => each.close()));
    await client.query('drop database windlass_spec_open');
    await client.end();
  });
});
