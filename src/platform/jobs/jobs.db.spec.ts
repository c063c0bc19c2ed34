import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testDatabase } from '../database/testing.ts';
import type { Database } from '../database/types.ts';
import { createJobs, type JobContext, type JobDefinition, type Jobs, type JobView } from './index.ts';

const Payload = z.strictObject({ n: z.number() });
type Payload = z.infer<typeof Payload>;

let database: Database;
let open: Jobs[] = [];
let kinds = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  for (const jobs of open) await jobs.stop(2_000);
  open = [];
});

interface Started {
  jobs: Jobs;
  kind: string;
  errors: unknown[];
}

/** A queue with one kind of its own. */
async function start(
  run: (payload: Payload, job: JobContext) => Promise<void>,
  options: Partial<JobDefinition<Payload>> & { worker?: boolean; scheduler?: boolean } = {},
): Promise<Started> {
  const { worker = true, scheduler = false, ...rest } = options;
  const kind = rest.kind ?? `test-kind-${++kinds}`;
  const errors: unknown[] = [];
  const jobs = createJobs({ database, onError: (error) => errors.push(error) });
  jobs.define({ payload: Payload, concurrency: 2, leaseSeconds: 30, retries: 0, run, ...rest, kind });
  open.push(jobs);
  await jobs.start({ worker, scheduler });
  return { jobs, kind, errors };
}

async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    await pause(25);
  }
  throw new Error('waited in vain');
}

async function inState(jobs: Jobs, kind: string, state: JobView['state']): Promise<JobView> {
  return until(async () => (await jobs.list({ kind })).find((job) => job.state === state));
}

describe('jobs', () => {
  it('runs what was sent, at once, and shows it', async () => {
    const seen: number[] = [];
    const { jobs, kind } = await start(async ({ n }, job) => {
      seen.push(n);
      await job.progress({ done: n });
    });
    const before = performance.now();
    const id = await jobs.send(database.db, kind, { n: 7 }, { key: 'seven' });
    await until(() => seen.length > 0);
    expect(performance.now() - before).toBeLessThan(1_500);
    const view = await inState(jobs, kind, 'completed');
    expect(seen).toEqual([7]);
    expect(view).toMatchObject({ id, kind, key: 'seven', state: 'completed', attempt: 1, progress: { done: 7 } });
    expect(view.completed_at).toBeDefined();
  });

  it('sends with the transaction or not at all', async () => {
    const seen: number[] = [];
    const { jobs, kind } = await start(async ({ n }) => void seen.push(n));
    const failed = database.transaction(async (tx) => {
      await jobs.send(tx, kind, { n: 1 });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await database.transaction((tx) => jobs.send(tx, kind, { n: 2 }));
    await inState(jobs, kind, 'completed');
    expect(seen).toEqual([2]);
    expect(await jobs.list({ kind })).toHaveLength(1);
  });

  it('holds one open job for a key, and takes the key again after it', async () => {
    const release = new Map<number, () => void>();
    const { jobs, kind } = await start(({ n }) => new Promise((resolve) => void release.set(n, resolve)));
    expect(await jobs.send(database.db, kind, { n: 1 }, { key: 'a' })).toBeDefined();
    expect(await jobs.send(database.db, kind, { n: 2 }, { key: 'a' })).toBeUndefined();
    await until(() => release.has(1));
    expect(await jobs.send(database.db, kind, { n: 2 }, { key: 'a' })).toBeUndefined();
    expect(await jobs.send(database.db, kind, { n: 3 }, { key: 'b' })).toBeDefined();
    expect(await jobs.list({ kind, key: 'a' })).toHaveLength(1);
    await until(() => release.has(3));
    release.get(3)?.();
    await inState(jobs, kind, 'completed');
    expect(await jobs.send(database.db, kind, { n: 4 }, { key: 'b' })).toBeDefined();
    expect(await jobs.send(database.db, kind, { n: 4 }, { key: 'a' })).toBeUndefined();
  });

  it('runs many jobs without a key, no more at once than allowed', async () => {
    let now = 0;
    let most = 0;
    const seen = new Set<number>();
    const { jobs, kind } = await start(
      async ({ n }) => {
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        seen.add(n);
        now--;
      },
      { concurrency: 3 },
    );
    await database.transaction(async (tx) => {
      for (let n = 0; n < 40; n++) await jobs.send(tx, kind, { n });
    });
    await until(() => seen.size === 40);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('tries again, tells the last try, and fails with the reason', async () => {
    const tries: [number, boolean][] = [];
    const { jobs, kind, errors } = await start(
      async (_, job) => {
        tries.push([job.attempt, job.last]);
        throw new Error(`no luck ${job.attempt}`);
      },
      { retries: 1, retryDelaySeconds: 1 },
    );
    await jobs.send(database.db, kind, { n: 1 });
    const view = await inState(jobs, kind, 'failed');
    expect(tries).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(view).toMatchObject({ attempt: 2, error: 'no luck 2' });
    expect(errors).toHaveLength(2);
  });

  it('cancels what waits and what runs', async () => {
    let aborted = false;
    const { jobs, kind } = await start(
      (_, job) =>
        new Promise((_resolve, reject) => {
          job.signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
      { concurrency: 1 },
    );
    const first = await jobs.send(database.db, kind, { n: 1 });
    await inState(jobs, kind, 'active');
    const second = await jobs.send(database.db, kind, { n: 2 });
    expect(await jobs.cancel(second ?? '')).toBe(true);
    expect(await jobs.cancel(first ?? '')).toBe(true);
    await until(() => aborted);
    expect(await jobs.cancel(first ?? '')).toBe(false);
    expect((await jobs.list({ kind })).map((job) => job.state)).toEqual(['cancelled', 'cancelled']);
  });

  it('refuses a wrong payload and an unknown kind', async () => {
    const { jobs, kind } = await start(async () => undefined);
    await expect(jobs.send(database.db, kind, { n: 'x' })).rejects.toThrow();
    await expect(jobs.send(database.db, 'no-such-kind', { n: 1 })).rejects.toThrow('no such kind');
  });

  it('takes over the job of a process that went silent, and ignores its late end', async () => {
    let finish = (): void => undefined;
    const attempts: string[] = [];
    const first = await start(
      (_, job) => {
        attempts.push(`first ${job.attempt}`);
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
      { leaseSeconds: 30 },
    );
    await first.jobs.send(database.db, first.kind, { n: 1 });
    await inState(first.jobs, first.kind, 'active');
    await sql`update pgboss.job set heartbeat_on = now() - interval '1 minute' where name = ${first.kind}`.execute(
      database.db,
    );
    let second = false;
    const { jobs } = await start(
      async (_, job) => {
        attempts.push(`second ${job.attempt} ${job.last}`);
        second = true;
        await until(() => !second);
      },
      { kind: first.kind, leaseSeconds: 30 },
    );
    // Either process may take it; the one that has the hanging run may do so too.
    await until(() => attempts.length === 2);
    finish();
    await pause(50);
    expect((await jobs.list({ kind: first.kind }))[0]?.state).toBe('active');
    second = false;
    finish();
    const view = await inState(jobs, first.kind, 'completed');
    expect(view.attempt).toBe(2);
  });

  it('gives its jobs back on shutdown, without counting a try', async () => {
    const { jobs, kind } = await start(
      (_, job) =>
        new Promise((_resolve, reject) => job.signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await jobs.send(database.db, kind, { n: 1 });
    await inState(jobs, kind, 'active');
    await jobs.stop(400);
    expect((await jobs.list({ kind }))[0]?.state).toBe('retry');
    const seen: boolean[] = [];
    await start(async (_, job) => void seen.push(job.last), { kind });
    await until(() => seen.length > 0);
    expect(seen).toEqual([true]);
  });

  it('delays, and prefers a higher priority', async () => {
    const sender = await start(async () => undefined, { worker: false });
    const { jobs, kind } = sender;
    await jobs.send(database.db, kind, { n: 1 });
    await jobs.send(database.db, kind, { n: 2 }, { priority: 10 });
    await jobs.send(database.db, kind, { n: 3 }, { delaySeconds: 3_600 });
    const seen: number[] = [];
    await start(async ({ n }) => void seen.push(n), { kind, concurrency: 1 });
    await until(() => seen.length === 2);
    expect(seen).toEqual([2, 1]);
    expect((await jobs.list({ kind, state: ['queued'] })).length).toBe(1);
  });

  it('runs a delayed job when it is due', async () => {
    let ran = 0;
    const { jobs, kind } = await start(async () => {
      ran = Date.now();
    });
    const sent = Date.now();
    await jobs.send(database.db, kind, { n: 1 }, { delaySeconds: 1 });
    await until(() => ran > 0);
    // Looking now and then alone would take up to two seconds more.
    expect(ran - sent).toBeGreaterThanOrEqual(900);
  });

  it('fires a schedule once, however many processes there are', async () => {
    const kind = `test-kind-${++kinds}`;
    const seen: number[] = [];
    const run = async ({ n }: Payload): Promise<void> => void seen.push(n);
    const first = await start(run, { kind, worker: false });
    await first.jobs.schedule(kind, '* * * * *', { n: 5 });
    await start(run, { kind, scheduler: true });
    await start(run, { kind, scheduler: true });
    await until(() => seen.length > 0);
    expect(await first.jobs.list({ kind })).toHaveLength(1);
    expect(seen).toEqual([5]);
  });
});
