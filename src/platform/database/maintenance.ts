import { type Kysely, sql } from 'kysely';

/** A table worth cleaning: a fifth of its rows are dead, or a tenth changed since the planner last looked. */
const DUE = sql<{ name: string }>`
  select quote_ident(schemaname) || '.' || quote_ident(relname) as name
  from pg_stat_user_tables
  where n_dead_tup > 500 + 0.2 * n_live_tup or n_mod_since_analyze > 250 + 0.1 * n_live_tup
  order by n_dead_tup desc
  limit 20`;

/** Vacuums and analyses what needs it; the embedded engine has no autovacuum. Returns the tables. */
export async function vacuum<S>(db: Kysely<S>): Promise<string[]> {
  // Counts reach the view with a delay otherwise.
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await DUE.execute(db);
  // One statement each: the engine serves nobody else while one runs.
  for (const { name } of rows) await sql`vacuum (analyze) ${sql.raw(name)}`.execute(db);
  return rows.map((row) => row.name);
}

/** Repeats the clean-up; errors are reported and do not end it. Returns the function that stops it. */
export function startMaintenance<S>(
  db: Kysely<S>,
  seconds: number,
  report: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = vacuum(db)
      .catch(report)
      .finally(() => {
        busy = false;
      });
  }, seconds * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
