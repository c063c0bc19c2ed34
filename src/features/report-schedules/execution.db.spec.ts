import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportExecution } from '#features/reports/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext } from '#platform/jobs/types.ts';
import { openFilesystemStore } from '#platform/objects/filesystem.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { executeJob } from './execute-job.ts';
import { findExecution, insertExecution } from './execution-store.ts';
import { closeExecution } from './run-store.ts';
import { insertSchedule } from './schedule-store.ts';

const ACCESS = { account: 'admin', global: false };
const SCHEDULE = 'a'.repeat(32);

let folder: string;
let objects: ObjectStore;
let database: Database;
let number = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-runs-'));
  objects = await openFilesystemStore(folder);
  database = await testDatabase();
  await database.db
    .insertInto('account')
    .values({ name: 'admin', type: 'admin' })
    .onConflict((on) => on.doNothing())
    .execute();
  const owner = { uuid: SCHEDULE, account: 'admin', scope: 'account', created_by: null } as const;
  await insertSchedule(database.db, owner, {
    name: 's',
    cron_schedule: '0 0 * * *',
    query: '{ metrics { results { id } } }',
  });
});
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function queued(timeoutSeconds = 60): Promise<string> {
  const uuid = String(++number).padStart(32, '0');
  const row = {
    uuid,
    account: 'admin',
    query_uuid: SCHEDULE,
    scope: 'account',
    cause: 'request',
    requested_by: null,
  } as const;
  const query = '{ metrics { results { id } } }';
  await insertExecution(database.db, row, { query, variables: {}, columns: null, delta: false, timeoutSeconds });
  return uuid;
}

function jobContext(overrides: Partial<JobContext> = {}): JobContext {
  const signal = new AbortController().signal;
  return { id: 'j', attempt: 1, last: false, signal, progress: async () => undefined, ...overrides };
}

type Rows = (signal: AbortSignal | undefined) => AsyncGenerator<Record<string, unknown>>;

async function refuse(): Promise<never> {
  throw new Error('ENOSPC: no space left on device');
}

function job(rows: Rows, errors: unknown[] = [], store = objects) {
  return executeJob({
    database,
    objects: store,
    reports: { limits: { pageRows: 100 } } as ReportExecution,
    settings: { max_concurrent_runs: 1, max_rows: 1_000 },
    onError: (error) => void errors.push(error),
    stream: (_, request) => ({ field: 'metrics', rows: rows(request.signal) }),
  });
}

async function* some(count: number, error?: unknown): AsyncGenerator<Record<string, unknown>> {
  for (let n = 0; n < count; n++) yield { id: String(n) };
  if (error) throw error;
}

const state = async (uuid: string) => (await findExecution(database.db, ACCESS, uuid))!;
const events = async (uuid: string) =>
  (await database.db.selectFrom('event').select(['type', 'details']).execute()).filter(
    ({ details }) => (details as unknown as { result_uuid: string }).result_uuid === uuid,
  );

describe('a run', () => {
  it('whose process was killed is begun anew by another one', async () => {
    const uuid = await queued();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reading = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      reading = resolve;
    });
    // The first process hangs in the middle of its rows, as one that is frozen or cut off does.
    const first = job(async function* () {
      yield { id: 'stale' };
      reading();
      await held;
      yield { id: 'stale too' };
    }).run({ execution: uuid }, jobContext());
    await begun;
    expect((await state(uuid)).status).toBe('running');
    await job(() => some(3)).run({ execution: uuid }, jobContext({ attempt: 2 }));
    expect(await state(uuid)).toMatchObject({
      status: 'complete',
      row_count: 3,
      object_prefix: `report-results/${uuid}/2`,
    });
    // It wakes up: what the other one stored stays as it is, and nothing is told twice.
    release();
    await first;
    expect(await state(uuid)).toMatchObject({
      status: 'complete',
      row_count: 3,
      object_prefix: `report-results/${uuid}/2`,
    });
    expect((await events(uuid)).map(({ type }) => type)).toEqual(['user.reports.scheduled_query.complete']);
  });

  it('that was lost time and again fails with the reason', async () => {
    const uuid = await queued();
    await job(() => some(1)).lost!({ execution: uuid }, 'the process that ran it ended, several times');
    expect(await state(uuid)).toMatchObject({
      status: 'failed',
      error_message: 'the process that ran it ended, several times',
    });
    expect((await events(uuid)).map(({ type }) => type)).toEqual(['user.reports.scheduled_query.failed']);
    await job(() => some(1)).run({ execution: uuid }, jobContext());
    expect((await state(uuid)).status).toBe('failed');
  });

  it('that fails keeps what it had read', async () => {
    const uuid = await queued();
    await job(() => some(5, new GraphQLError('narrow the filter', { extensions: { code: 'ANSWER_TOO_LARGE' } }))).run(
      { execution: uuid },
      jobContext(),
    );
    expect(await state(uuid)).toMatchObject({
      status: 'failed',
      error_message: 'narrow the filter',
      row_count: 5,
      manifest: { complete: false, row_count: 5 },
    });
  });

  it('is tried again after a fault of the server, and fails without its text in the end', async () => {
    const uuid = await queued();
    const faulty = () => some(2, new Error('password of the database'));
    await expect(job(faulty).run({ execution: uuid }, jobContext())).rejects.toThrow();
    expect((await state(uuid)).status).toBe('running');
    await job(faulty).run({ execution: uuid }, jobContext({ attempt: 3, last: true }));
    expect(await state(uuid)).toMatchObject({
      status: 'failed',
      error_message: 'the server failed while it read the report',
      row_count: 2,
    });
  });

  it('whose result does not fit into the store is tried again, and fails without leaving anything there', async () => {
    const uuid = await queued();
    let closed = 0;
    const rows: Rows = async function* () {
      try {
        yield* some(5_000);
      } finally {
        closed++;
      }
    };
    const full: ObjectStore = {
      ...objects,
      put: async (key, body) => {
        // The disk takes the first bytes only.
        if (body instanceof Readable)
          for await (const part of body) await objects.put(key, part as Buffer).then(refuse);
        return refuse();
      },
    };
    const errors: unknown[] = [];
    await expect(job(rows, errors, full).run({ execution: uuid }, jobContext())).rejects.toThrow('ENOSPC');
    expect((await state(uuid)).status).toBe('running');
    const last = jobContext({ attempt: 3, last: true });
    await expect(job(rows, errors, full).run({ execution: uuid }, last)).rejects.toThrow('ENOSPC');
    expect(await state(uuid)).toMatchObject({ status: 'failed', error_message: 'the result could not be stored' });
    expect((await events(uuid)).map(({ type }) => type)).toEqual(['user.reports.scheduled_query.failed']);
    await expect.poll(() => closed).toBe(2);
    for await (const { key } of objects.list(`report-results/${uuid}/`)) throw new Error(`${key} is left`);
  });

  it('that takes too long fails', async () => {
    const uuid = await queued(1);
    const slow: Rows = async function* (signal) {
      yield { id: 'one' };
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    await job(slow).run({ execution: uuid }, jobContext());
    expect(await state(uuid)).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('longer than 1 s'),
      row_count: 1,
    });
  });

  it('that is cancelled keeps what it had read and stays cancelled', async () => {
    const uuid = await queued();
    const controller = new AbortController();
    const cancelled: Rows = async function* () {
      yield { id: 'one' };
      await closeExecution(database.db, uuid, 'cancelled', 'cancelled by me');
      controller.abort('cancelled');
      yield { id: 'two' };
    };
    await job(cancelled).run({ execution: uuid }, jobContext({ signal: controller.signal }));
    expect(await state(uuid)).toMatchObject({
      status: 'cancelled',
      error_message: 'cancelled by me',
      row_count: 1,
      manifest: { complete: false },
    });
    expect(await events(uuid)).toEqual([]);
  });

  it('goes back to the queue when its process stops', async () => {
    const uuid = await queued();
    const controller = new AbortController();
    const stopping: Rows = async function* () {
      controller.abort('shutdown');
      yield { id: 'one' };
    };
    await expect(job(stopping).run({ execution: uuid }, jobContext({ signal: controller.signal }))).rejects.toThrow(
      'stopping',
    );
    expect((await state(uuid)).status).toBe('running');
    await job(() => some(1)).run({ execution: uuid }, jobContext({ attempt: 2 }));
    expect((await state(uuid)).status).toBe('complete');
  });
});
