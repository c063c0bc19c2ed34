import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from '#platform/database/types.ts';

/** Versions of this installation: the package's own, and the latest migration of the database. */
export async function versions(database: Database): Promise<{ program: string; schema: string }> {
  const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const { rows } = await sql<{ name: string }>`select max(name) as name from schema_migration`.execute(database.db);
  return { program: manifest.version, schema: rows[0]?.name ?? '0' };
}
