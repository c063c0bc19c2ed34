import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** One numbered file of plain SQL. */
export interface Migration {
  /** File name without its ending: `0001_core`. */
  name: string;
  sql: string;
  /** SHA-256 of the text, hexadecimal. */
  checksum: string;
}

/** The database does not fit to this version of Windlass. */
export class MigrationError extends Error {}

/** Key of the advisory lock under which migrations run: several processes may start at once. */
const LOCK = 7_252_871;

const TABLE = `create table if not exists schema_migration (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
)`;

/** Reads the migrations of a folder in their order. Throws on misnamed files and on numbers used twice. */
export function readMigrations(folder = join(import.meta.dirname, 'migrations')): Migration[] {
  const seen = new Map<string, string>();
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
      if (!number) throw new MigrationError(`migration ${file} is not named NNNN_name.sql`);
      const other = seen.get(number);
      if (other) throw new MigrationError(`migrations ${other} and ${file} have the same number`);
      seen.set(number, file);
      const sql = readFileSync(join(folder, file), 'utf8');
      return { name: file.slice(0, -4), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Applies what is missing, each file in its own transaction. Returns the names of what was applied. */
export async function migrate(pool: pg.Pool, migrations: Migration[]): Promise<string[]> {
  const client = await pool.connect();
  try {
    if (pending(await applied(client), migrations).length === 0) return [];
    const done: string[] = [];
    for (const migration of migrations) if (await applyOne(client, migration, migrations)) done.push(migration.name);
    return done;
  } finally {
    client.release();
  }
}

async function applyOne(client: pg.PoolClient, migration: Migration, all: Migration[]): Promise<boolean> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(TABLE);
    // Another process may have applied it while this one waited for the lock.
    const missing = pending(await applied(client), all).includes(migration);
    if (missing) {
      await client.query(migration.sql);
      await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [
        migration.name,
        migration.checksum,
      ]);
    }
    await client.query('commit');
    return missing;
  } catch (error) {
    await client.query('rollback');
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(`migration ${migration.name}: ${describe(error, migration.sql)}`, { cause: error });
  }
}

function describe(error: unknown, sql: string): string {
  const { message, position } = error as { message: string; position?: string };
  const line = position ? sql.slice(0, Number(position)).split('\n').length : undefined;
  return line ? `${message} (line ${line})` : message;
}

async function applied(client: pg.PoolClient): Promise<Map<string, string>> {
  const exists = await client.query<{ found: string | null }>(`select to_regclass('schema_migration')::text as found`);
  if (!exists.rows[0]?.found) return new Map();
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migration',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

/** Migrations that are not applied yet. Throws when the database knows others, or has one with another text. */
function pending(done: Map<string, string>, migrations: Migration[]): Migration[] {
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...done.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `the database was changed by a newer version of Windlass (${unknown.join(', ')}): start that version or a later one`,
    );
  }
  for (const { name, checksum } of migrations) {
    const there = done.get(name);
    if (there && there !== checksum) {
      throw new MigrationError(
        `migration ${name} was applied to this database with another text: the database belongs to another build of Windlass`,
      );
    }
  }
  return migrations.filter((migration) => !done.has(migration.name));
}
