import type pg from 'pg';

/**
 * Counts the statements of a pool that may change rows: once when they begin, once when they end, so that equal counts
 * before and after a read mean that nothing changed from its start until now. Only for a database that no other
 * process writes to. Everything but a plain SELECT counts, the ends of transactions too.
 */
export function countWrites(pool: pg.Pool): () => number {
  let count = 0;
  const ended = (): void => {
    count += 1;
  };
  const watched = new WeakSet<object>();
  // Not on connect: migrations have used connections of the pool before.
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query as (...args: unknown[]) => unknown;
    const counted = (...args: unknown[]): unknown => {
      const [first] = args;
      const text = typeof first === 'string' ? first : ((first as { text?: unknown } | null)?.text ?? '');
      const result = query.apply(client, args);
      if (!/^\s*select\b/i.test(String(text))) {
        count += 1;
        if (result instanceof Promise) result.then(ended, ended);
      }
      return result;
    };
    client.query = counted as typeof client.query;
  });
  return () => count;
}
