import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { columnTypes } from './column-types.ts';
import { createPool } from './pool.ts';
import { sqlState } from './transactions.ts';

/** PostgreSQL 15 or newer is needed. */
const OLDEST = 150_000;

/** The database cannot be used; the message tells an operator why. */
export class DatabaseUnusable extends Error {}

/** States in which waiting may help: starting up, shutting down, too many connections. */
const PASSING = new Set(['57P01', '57P02', '57P03', '53300']);
const PASSING_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
]);

export interface PostgresSettings {
  url: string;
  poolSize: number;
  connectTimeoutSeconds: number;
  /** Errors of idle connections; without a handler they would end the process. */
  onError: (error: unknown) => void;
}

/** Opens a pool and waits until the server answers, at most the time given. */
export async function connectPostgres(settings: PostgresSettings): Promise<{ pool: pg.Pool; client: pg.ClientConfig }> {
  const client: pg.ClientConfig = {
    connectionString: settings.url,
    application_name: 'windlass',
    connectionTimeoutMillis: settings.connectTimeoutSeconds * 1000,
    types: columnTypes,
  };
  const name = describeUrl(settings.url);
  const pool = createPool({ ...client, max: settings.poolSize, idleTimeoutMillis: 30_000 }, settings.onError);
  try {
    const { rows } = await patiently(
      () => pool.query<{ version: number }>(`select current_setting('server_version_num')::int as version`),
      settings,
    );
    const version = rows[0]?.version ?? 0;
    if (version < OLDEST)
      throw new DatabaseUnusable(`${name} is PostgreSQL ${Math.floor(version / 10_000)}; 15 or newer is needed`);
    return { pool, client };
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseUnusable) throw error;
    throw new DatabaseUnusable(`${name} cannot be used: ${explain(error)}`, { cause: error });
  }
}

async function patiently<T>(ask: () => Promise<T>, settings: PostgresSettings): Promise<T> {
  const deadline = Date.now() + settings.connectTimeoutSeconds * 1000;
  for (let delay = 200; ; delay = Math.min(delay * 2, 3_000)) {
    try {
      return await ask();
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      const passing = PASSING.has(sqlState(error) ?? '') || PASSING_SYSTEM.has(code);
      if (!passing || Date.now() + delay > deadline) throw error;
      settings.onError(error);
      await pause(delay);
    }
  }
}

function explain(error: unknown): string {
  const { message, errors } = error as { message?: string; errors?: unknown[] };
  // A host with several addresses gives one error for each, and an empty message.
  const text = message || (Array.isArray(errors) ? errors.map(explain).join(', ') : String(error));
  switch (sqlState(error)) {
    case '28P01':
    case '28000':
      return `${text}; check user and password in DATABASE_URL`;
    case '3D000':
      return `${text}; create it first`;
    default:
      return text;
  }
}

/** The address without user, password and options. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `database ${pathname.slice(1) || '(default)'} at ${hostname || searchParams.get('host') || 'localhost'}${port ? `:${port}` : ''}`;
  } catch {
    return 'the database named by DATABASE_URL';
  }
}
