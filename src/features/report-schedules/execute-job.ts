import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import { appendEvent } from '#features/events/index.ts';
import { type ReportExecution, type ReportStream, streamReport } from '#features/reports/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { type ExecutionRequest, type ExecutionRow, formerRun, loadExecution } from './execution-store.ts';
import { PARTS, TooManyRows, type WrittenRows, writeRows } from './result-writer.ts';
import { deleteResult, RESULT_JOB, resultPrefix } from './results.ts';
import { RowKeys } from './row-keys.ts';
import { beginExecution, closeExecution, endExecution, keepPartial, setRows } from './run-store.ts';
import { setExecuted } from './schedule-store.ts';
import { columnsOf, scopeOf } from './service.ts';

export interface ExecuteDependencies {
  database: Database;
  objects: ObjectStore;
  reports: ReportExecution;
  settings: { max_concurrent_runs: number; max_rows: number };
  /** Told about faults of the server. */
  onError(error: unknown): void;
  /** How a document is read. Default: page by page. */
  stream?(reports: ReportExecution, request: Parameters<typeof streamReport>[1]): ReportStream;
}

const Payload = z.object({ execution: z.string() });
/** Rows read at a time: few enough to be gone from memory before they are taken for something that lasts. */
const READ_ROWS = 1_000;

type Run = ExecutionRow & { name: string };

/** A run that cannot go on; tried again or failed by the kind of what stopped it. */
interface Outcome {
  written: WrittenRows;
  manifest: ReportManifest;
}

/**
 * The job: reads a query to its end into the object store. A run whose process is gone is taken over and begins anew;
 * one that fails keeps what it had read and says why.
 */
export function executeJob(deps: ExecuteDependencies): JobDefinition<z.output<typeof Payload>> {
  const { database, objects } = deps;
  const { db } = database;
  return {
    kind: RESULT_JOB,
    payload: Payload,
    concurrency: deps.settings.max_concurrent_runs,
    leaseSeconds: 60,
    retries: 2,
    retryDelaySeconds: 10,

    async run({ execution }, job) {
      const run = await loadExecution(db, execution);
      const prefix = resultPrefix(execution, job.attempt);
      if (!run || !(await beginExecution(db, execution, prefix))) return;
      await deleteResult(objects, execution);
      let outcome: Outcome;
      try {
        outcome = await readAll(deps, run, prefix, job);
      } catch (error) {
        if (stopped(job)) return afterStop(job);
        if (!job.last) throw error;
        deps.onError(error);
        // Nothing reads what was half written, and a store that is full needs the room.
        await deleteResult(objects, execution).catch(deps.onError);
        await fail(database, run, 'the result could not be stored');
        throw error;
      }
      const { written, manifest } = outcome;
      if (stopped(job)) {
        await keepPartial(db, execution, prefix, { rows: written.rows, pages: written.pages, manifest });
        return afterStop(job);
      }
      if (written.failure !== undefined && isPassing(written.failure)) {
        if (!job.last) throw written.failure;
        deps.onError(written.failure);
      }
      await end(database, run, prefix, outcome);
    },

    async lost({ execution }, reason) {
      const run = await loadExecution(db, execution);
      if (run) await fail(database, run, reason);
    },
  };
}

/** Told to end: cancelled, taken over, or the process stops. */
const stopped = (job: JobContext): boolean => job.signal.aborted;

/** After a shutdown another process runs the job: it must not count as done. */
function afterStop(job: JobContext): void {
  if (job.signal.reason === 'shutdown') throw new Error('the process is stopping');
}

/** A fault of the server, which may be gone next time. */
function isPassing(error: unknown): boolean {
  if (error instanceof TooManyRows) return false;
  return !(error instanceof GraphQLError) || error.extensions.code === 'INTERNAL';
}

async function readAll(deps: ExecuteDependencies, run: Run, prefix: string, job: JobContext): Promise<Outcome> {
  const { database, objects, reports } = deps;
  const request = run.request as unknown as ExecutionRequest;
  const asOf = new Date();
  const timeout = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const former = request.delta ? await formerRun(database.db, run) : undefined;
  const bytes = former && (await objects.get(`${former.object_prefix}/${PARTS.keys}`));
  const { field, rows } = (deps.stream ?? streamReport)(reports, {
    scope: scopeOf(run),
    query: request.query,
    variables: request.variables,
    signal: AbortSignal.any([job.signal, timeout]),
    pageRows: Math.min(READ_ROWS, reports.limits.pageRows),
    username: run.requested_by ?? undefined,
  });
  let noted = performance.now();
  const written = await writeRows({
    objects,
    prefix,
    rows: until(rows, AbortSignal.any([job.signal, timeout])),
    maxRows: deps.settings.max_rows,
    known: bytes && RowKeys.read(bytes),
    withKeys: request.delta,
    onProgress(count, pages) {
      if (performance.now() - noted < 1_000) return;
      noted = performance.now();
      void setRows(database.db, run.uuid, prefix, count, pages).catch(deps.onError);
      void job.progress({ rows: count }).catch(deps.onError);
    },
  });
  if (written.failure !== undefined && timeout.aborted && !job.signal.aborted)
    written.failure = new GraphQLError(
      `the run took longer than ${request.timeoutSeconds} s: narrow the query, or give it more time`,
    );
  const manifest: ReportManifest = {
    report: field,
    query: request.query,
    variables: request.variables,
    scope: run.scope as ReportManifest['scope'],
    account_name: run.scope === 'global' ? null : run.account,
    as_of: asOf.toISOString(),
    finished_at: new Date().toISOString(),
    complete: written.failure === undefined,
    row_count: written.rows,
    page_count: written.pages,
    bytes: written.bytes,
    digest: written.digest,
    columns: columnsOf(run),
    delta_since: bytes && former ? former.uuid : null,
  };
  await objects.put(`${prefix}/${PARTS.manifest}`, Buffer.from(JSON.stringify(manifest, null, 1)));
  return { written, manifest };
}

/** Rows until a signal is aborted, whatever the source does about it. */
async function* until<Row>(rows: AsyncIterable<Row>, signal: AbortSignal): AsyncGenerator<Row> {
  signal.throwIfAborted();
  for await (const row of rows) {
    signal.throwIfAborted();
    yield row;
  }
}

/** Stores the outcome with the event that tells it. */
async function end(database: Database, run: Run, prefix: string, { written, manifest }: Outcome): Promise<void> {
  const error = written.failure === undefined ? null : reasonOf(written.failure);
  await database.transaction(async (tx) => {
    const kept = await endExecution(tx, run.uuid, prefix, {
      status: error === null ? 'complete' : 'failed',
      error,
      rows: written.rows,
      pages: written.pages,
      manifest,
    });
    if (kept) await announce(tx, run, error, written.rows);
  });
}

/** Ends a run that has nothing to keep. */
export async function fail(database: Database, run: Run, reason: string): Promise<void> {
  await database.transaction(async (tx) => {
    if (await closeExecution(tx, run.uuid, 'failed', reason)) await announce(tx, run, reason, 0);
  });
}

async function announce(tx: Db, run: Run, error: string | null, rows: number): Promise<void> {
  await setExecuted(tx, run.query_uuid, new Date());
  await appendEvent(tx, {
    name: error === null ? 'scheduled_query_complete' : 'scheduled_query_failed',
    account: run.account,
    resource_id: run.query_uuid,
    message:
      error === null
        ? `The scheduled query '${run.name}' has a new result of ${rows} rows`
        : `A run of the scheduled query '${run.name}' failed: ${error}`,
    details: {
      scheduled_query_uuid: run.query_uuid,
      scheduled_query_name: run.name,
      result_uuid: run.uuid,
      scope: run.scope,
      row_count: rows,
      ...(error === null ? {} : { error }),
    },
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof GraphQLError || error instanceof TooManyRows) return error.message.slice(0, 2_000);
  return 'the server failed while it read the report';
}
