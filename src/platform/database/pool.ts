import pg from 'pg';

/**
 * A pool whose broken connections are reported. The pool itself listens to idle connections only; one that breaks
 * while it is lent out, between two statements of a transaction, would end the process.
 */
export function createPool(options: pg.PoolConfig, report: (error: unknown) => void): pg.Pool {
  const pool = new pg.Pool(options);
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}
