import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PgBoss } from 'pg-boss';
import type { Database } from '../database/types.ts';
import { sqlRunner, startBoss } from './boss.ts';
import { Runner, type RunnerOptions } from './runner.ts';
import type { JobDefinition, Jobs } from './types.ts';
import { countJobs, listJobs, NO_KEY } from './views.ts';

export type { JobContext, JobDefinition, Jobs, JobView } from './types.ts';

const READY = 'job_ready';
const CANCELLED = 'job_cancelled';
/** What is due later is found early enough by looking now and then. */
const LONGEST_ALARM_SECONDS = 60;

export interface JobsOptions {
  database: Database;
  /** Failed runs, lost runs and errors of the queue itself. */
  onError: (error: unknown) => void;
  onRun?: RunnerOptions['onRun'];
}

/** The queue of this process. Define all kinds, then `start`; `send`, `schedule` and `cancel` work from then on. */
export function createJobs(options: JobsOptions): Jobs {
  const { database, onError } = options;
  const definitions = new Map<string, JobDefinition<never>>();
  let boss: PgBoss | undefined;
  let runner: Runner | undefined;
  let unlisten: (() => Promise<void>)[] = [];
  const started = (): PgBoss => {
    if (!boss) throw new Error('the job queue is not started');
    return boss;
  };
  const known = (kind: string): JobDefinition<never> => {
    const definition = definitions.get(kind);
    if (!definition) throw new Error(`no such kind of job: ${kind}`);
    return definition;
  };
  const alarms = new Set<NodeJS.Timeout>();
  /** Tells workers when a delayed job is due: those that are not told find it when they next look by themselves. */
  const alarm = (kind: string, seconds: number): void => {
    const timer = setTimeout(() => {
      alarms.delete(timer);
      database.notify(database.db, READY, kind).catch(onError);
    }, seconds * 1000);
    timer.unref();
    alarms.add(timer);
  };
  return {
    define: (definition) => {
      if (boss) throw new Error('define jobs before the queue is started');
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.kind))
        throw new Error(`not a kind of job: ${definition.kind}`);
      if (definitions.has(definition.kind)) throw new Error(`job ${definition.kind} is defined twice`);
      definitions.set(definition.kind, definition as unknown as JobDefinition<never>);
    },
    send: async (db, kind, payload, { key, delaySeconds, priority } = {}) => {
      const checked = known(kind).payload.parse(payload);
      const id = await started().send(
        kind,
        { payload: checked },
        {
          db: sqlRunner(db),
          singletonKey: key ?? NO_KEY + randomUUID(),
          ...(delaySeconds ? { startAfter: delaySeconds } : {}),
          ...(priority === undefined ? {} : { priority }),
        },
      );
      if (id && !delaySeconds) await database.notify(db, READY, kind);
      if (id && delaySeconds && delaySeconds <= LONGEST_ALARM_SECONDS) alarm(kind, delaySeconds);
      return id ?? undefined;
    },
    schedule: async (kind, cron, payload) => {
      await started().schedule(kind, cron, { payload: known(kind).payload.parse(payload) }, { tz: 'UTC' });
    },
    cancel: async (id, db = database.db) => {
      const { rows } = await sql<{ name: string }>`
        select name from pgboss.job where id = ${id} and state < 'completed'`.execute(db);
      const kind = rows[0]?.name;
      if (!kind) return false;
      await started().cancel(kind, id, { db: sqlRunner(db) });
      await database.notify(db, CANCELLED, id);
      return true;
    },
    list: (filter = {}, db = database.db) => listJobs(db, filter),
    counts: () => countJobs(database.db),
    start: async (roles) => {
      const background = roles.worker || roles.scheduler;
      boss = await startBoss(database, definitions.values(), {
        schedule: roles.scheduler,
        supervise: background,
        onError,
      });
      if (!roles.worker) return;
      const worker = new Runner({ database, boss, definitions, onError, onRun: options.onRun });
      runner = worker;
      unlisten = [
        await database.listen(READY, (kind) => worker.wake(kind)),
        await database.listen(CANCELLED, (id) => worker.cancel(id)),
      ];
      worker.start();
    },
    stop: async (graceMs) => {
      for (const timer of alarms) clearTimeout(timer);
      alarms.clear();
      for (const end of unlisten) await end();
      unlisten = [];
      await runner?.stop(graceMs);
      await boss?.stop({ graceful: false });
    },
  };
}
