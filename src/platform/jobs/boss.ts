import { randomUUID } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';
import type { PgBoss, Db as SqlRunner } from 'pg-boss';
import type { Schema } from '../database/schema.generated.ts';
import type { Database, Db } from '../database/types.ts';
import type { JobDefinition } from './types.ts';

/** Schema of the queue's own tables. */
export const QUEUE_SCHEMA = 'pgboss';

/** Options shared by all queues. Leases are ours (see leases.ts): pg-boss only sweeps what ran for a whole day. */
const QUEUE = {
  /** One open job for a key; jobs without a key get one of their own. */
  policy: 'exclusive',
  expireInSeconds: 86_000,
  retentionSeconds: 14 * 86_400,
  deleteAfterSeconds: 3 * 86_400,
  retryBackoff: true,
  retryDelayMax: 900,
} as const;

/** Lets pg-boss run its SQL in a caller's transaction or on the pool. */
export function sqlRunner(db: Db): SqlRunner {
  const run = async (on: Db, text: string, values?: unknown[]): ReturnType<SqlRunner['executeSql']> => {
    const { rows } = await on.executeQuery(CompiledQuery.raw(text, values ?? []));
    return { rows: [...rows] };
  };
  return {
    executeSql: async (text, values) => {
      // Some texts are whole transactions; one that fails in the middle must not leave its connection in it.
      if (db.isTransaction || !/^\s*BEGIN\b/i.test(text)) return run(db, text, values);
      return (db as Kysely<Schema>).connection().execute(async (connection) => {
        try {
          return await run(connection, text, values);
        } catch (error) {
          await connection.executeQuery(CompiledQuery.raw('rollback'));
          throw error;
        }
      });
    },
  };
}

/** Starts pg-boss without workers, and makes the queues of all kinds. */
export async function startBoss(
  database: Database,
  kinds: Iterable<JobDefinition<never>>,
  options: { schedule: boolean; supervise: boolean; onError: (error: unknown) => void },
): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    db: sqlRunner(database.db),
    schema: QUEUE_SCHEMA,
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    supervise: options.supervise,
    superviseIntervalSeconds: 120,
    monitorIntervalSeconds: 120,
    maintenanceIntervalSeconds: 3_600,
    schedule: options.schedule,
    cronMonitorIntervalSeconds: 20,
    cronWorkerIntervalSeconds: 2,
    warningQueueSize: 1_000_000,
  });
  boss.on('error', options.onError);
  await oneAtATime(database, async () => {
    await boss.start();
    await makeQueues(boss, kinds);
  });
  return boss;
}

/** Key of the advisory lock under which processes that start together make the tables of the queue. */
const START_LOCK = 7_221_403;

/** The queue's own start is not safe against another one of the same moment. The embedded engine has one process anyway. */
async function oneAtATime(database: Database, work: () => Promise<void>): Promise<void> {
  if (database.kind === 'embedded') return work();
  await (database.db as Kysely<Schema>).connection().execute(async (connection) => {
    await connection.executeQuery(CompiledQuery.raw('select pg_advisory_lock($1)', [START_LOCK]));
    try {
      await work();
    } finally {
      await connection.executeQuery(CompiledQuery.raw('select pg_advisory_unlock($1)', [START_LOCK]));
    }
  });
}

async function makeQueues(boss: PgBoss, kinds: Iterable<JobDefinition<never>>): Promise<void> {
  const there = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  for (const { kind, retries, retryDelaySeconds = 2 } of kinds) {
    const { policy, ...options } = { ...QUEUE, retryLimit: retries, retryDelay: retryDelaySeconds };
    const queue = there.get(kind);
    if (!queue) {
      await boss.createQueue(kind, { ...options, policy });
      // Makes it remember the queue: to look it up later, inside of a transaction, would need a second connection.
      await boss.findJobs(kind, { id: randomUUID() });
    } else if (queue.retryLimit !== retries || queue.retryDelay !== retryDelaySeconds)
      await boss.updateQueue(kind, options);
  }
}
