import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import type { ReportExecution, ReportScope } from '#features/reports/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import type { Column } from '#shared/report-table.ts';
import type { Access } from './access.ts';
import { selectedColumns } from './columns.ts';
import {
  countOpen,
  deleteExecution,
  type ExecutionRow,
  executionsOf,
  findExecution,
  insertExecution,
  setJob,
} from './execution-store.ts';
import { CONTENT_TYPES, type ResultFormat, readPage, readRows } from './result-reader.ts';
import { deleteResult, RESULT_JOB } from './results.ts';
import { closeExecution } from './run-store.ts';
import {
  deleteSchedule,
  findSchedule,
  insertSchedule,
  type ScheduleFields,
  type ScheduleRow,
  setNext,
  takeDue,
  updateSchedule,
} from './schedule-store.ts';
import { countGeneration } from './statistic-store.ts';
import { checkQuery, nextTime } from './validation.ts';

export interface ScheduleDependencies {
  database: Database;
  jobs: Jobs;
  objects: ObjectStore;
  reports: ReportExecution;
  settings: { run_timeout: number };
  now?(): Date;
}

/** Queries over all accounts are kept by the account of the administrators. */
const GLOBAL_OWNER = 'admin';
/** Runs of one schedule that may wait at a time. */
const MAX_OPEN = 10;
const WAIT_MS = 200;

export type NewSchedule = ScheduleFields & { name: string; cron_schedule: string; query: string };

const newUuid = (): string => randomBytes(16).toString('hex');

/** Whose rows a run of a row shows. */
export function scopeOf(row: { scope: string; account: string }): ReportScope {
  return row.scope === 'global' ? 'global' : { account: row.account };
}

/** Columns of tables made from a result. */
export function columnsOf(row: Pick<ExecutionRow, 'request'>): Column[] {
  const { query, columns } = row.request as unknown as { query: string; columns: Column[] | null };
  return columns ?? selectedColumns(query);
}

/** Schedules of queries, and their runs. */
export function createScheduleService(deps: ScheduleDependencies) {
  const { database, jobs, objects, reports } = deps;
  const { db } = database;
  const now = deps.now ?? (() => new Date());

  async function schedule(access: Access, uuid: string): Promise<ScheduleRow> {
    const row = await findSchedule(db, access, uuid);
    if (!row) throw notFound(`scheduled query not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  async function execution(access: Access, uuid: string): Promise<ExecutionRow> {
    const row = await findExecution(db, access, uuid);
    if (!row) throw notFound(`result not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  function check(fields: ScheduleFields, scope: ReportScope, former?: ScheduleRow): void {
    const query = fields.query ?? former?.query ?? '';
    const variables = fields.variables ?? (former?.variables as Record<string, unknown> | undefined) ?? {};
    if (fields.query !== undefined || fields.variables !== undefined) checkQuery(reports, scope, query, variables);
    if (fields.name !== undefined && (fields.name.trim() === '' || fields.name.length > 200))
      throw badRequest('name must have 1 to 200 characters');
    if (fields.columns || (fields.query !== undefined && former?.result_columns)) {
      const columns =
        fields.columns ?? (fields.columns === null ? [] : (former?.result_columns as unknown as Column[]));
      const known = new Set(selectedColumns(query).map(({ path }) => path));
      const missing = columns.find(({ path }) => !known.has(path));
      if (missing) throw badRequest(`columns: the query does not select '${missing.path}' in results`);
    }
  }

  /** Stores a run with its job, in the caller's transaction. */
  async function enqueue(tx: Db, row: ScheduleRow, cause: 'schedule' | 'request', by: string | null): Promise<string> {
    const uuid = newUuid();
    await insertExecution(
      tx,
      { uuid, account: row.account, query_uuid: row.uuid, scope: row.scope, cause, requested_by: by },
      {
        query: row.query,
        variables: row.variables as unknown as Record<string, unknown>,
        columns:
          (row.result_columns as unknown as Column[] | null)?.map(({ path, heading }) => ({
            path,
            heading: heading ?? path,
          })) ?? null,
        delta: row.delta,
        timeoutSeconds: row.timeout_seconds ?? deps.settings.run_timeout,
      },
    );
    await countGeneration(tx);
    await setJob(tx, uuid, await jobs.send(tx, RESULT_JOB, { execution: uuid }, { key: uuid }));
    return uuid;
  }

  async function cancelJob(job: string | null): Promise<void> {
    if (job !== null) await jobs.cancel(job);
  }

  return {
    schedule,
    execution,

    /** Stores a query with its schedule. Throws AppError 400 for queries, variables and schedules that cannot work. */
    async create(scope: ReportScope, fields: NewSchedule, username: string | null): Promise<ScheduleRow> {
      check(fields, scope);
      const zone = fields.time_zone ?? 'UTC';
      const next_execution_at = nextTime(fields.cron_schedule, zone, now());
      return insertSchedule(
        db,
        {
          uuid: newUuid(),
          account: scope === 'global' ? GLOBAL_OWNER : scope.account,
          scope: scope === 'global' ? 'global' : 'account',
          created_by: username,
        },
        { ...fields, time_zone: zone, next_execution_at },
      );
    },

    /** Changes what is given; a schedule that is enabled again does not make up for what it missed. */
    async update(access: Access, uuid: string, fields: ScheduleFields): Promise<ScheduleRow> {
      const former = await schedule(access, uuid);
      check(fields, scopeOf(former), former);
      const due =
        fields.cron_schedule !== undefined || fields.time_zone !== undefined || (fields.enabled && !former.enabled);
      const next_execution_at = due
        ? nextTime(fields.cron_schedule ?? former.cron_schedule, fields.time_zone ?? former.time_zone, now())
        : undefined;
      return updateSchedule(db, former.account, uuid, { ...fields, next_execution_at });
    },

    /** Removes a schedule, its runs and their results. */
    async remove(access: Access, uuid: string): Promise<void> {
      const row = await schedule(access, uuid);
      const runs = await executionsOf(db, row.account, uuid);
      for (const { job_id } of runs) await cancelJob(job_id);
      await deleteSchedule(db, row.account, uuid);
      for (const run of runs) await deleteResult(objects, run.uuid);
    },

    /** Starts a run and returns its id. Throws AppError 409 when too many wait. */
    async run(access: Access, uuid: string, by: string | null): Promise<string> {
      const row = await schedule(access, uuid);
      return database.transaction(async (tx) => {
        if ((await countOpen(tx, uuid)) >= MAX_OPEN)
          throw conflict(`${MAX_OPEN} runs of this query wait already: cancel some of them`);
        return enqueue(tx, row, 'request', by);
      });
    },

    /** Waits until a run has ended, or until the signal is aborted: then it may still be under way. */
    async settled(access: Access, uuid: string, signal: AbortSignal): Promise<ExecutionRow> {
      for (;;) {
        const row = await execution(access, uuid);
        if (!['queued', 'running'].includes(row.status) || signal.aborted) return row;
        await sleep(WAIT_MS, undefined, { signal }).catch(() => undefined);
      }
    },

    /** Starts what is due, at most one run of each schedule however many times were missed. Returns how many. */
    async fire(): Promise<number> {
      for (let started = 0; ; ) {
        const taken = await database.transaction(async (tx) => {
          const row = await takeDue(tx, now());
          if (!row) return 'none';
          // One that still runs is not overtaken by itself.
          const busy = (await countOpen(tx, row.uuid)) > 0;
          if (!busy) await enqueue(tx, row, 'schedule', null);
          await setNext(tx, row.uuid, nextTime(row.cron_schedule, row.time_zone, now()));
          return busy ? 'busy' : 'started';
        });
        if (taken === 'none') return started;
        if (taken === 'started') started++;
      }
    },

    /** Ends a run. Throws AppError 409 when it has ended. */
    async cancel(access: Access, uuid: string, by: string | null): Promise<ExecutionRow> {
      const row = await execution(access, uuid);
      if (!(await closeExecution(db, uuid, 'cancelled', by === null ? 'cancelled' : `cancelled by ${by}`)))
        throw conflict(`the run has ended: ${row.status}`);
      await cancelJob(row.job_id);
      return execution(access, uuid);
    },

    /** Removes a run with its result. */
    async removeExecution(access: Access, uuid: string): Promise<void> {
      const row = await execution(access, uuid);
      await cancelJob(row.job_id);
      await deleteExecution(db, row.account, uuid);
      await deleteResult(objects, uuid);
    },

    /** A page of a result, counted from 1, as JSON texts of its rows. Throws AppError 404 for pages that are not there. */
    async page(access: Access, uuid: string, page: number): Promise<{ row: ExecutionRow; rows: string[] }> {
      const row = await execution(access, uuid);
      if (!row.manifest || row.object_prefix === null) throw notFound(`the run has no result: it is ${row.status}`);
      // A result without rows has one page without rows.
      if (row.page_count === 0 && page === 1) return { row, rows: [] };
      const rows = await readPage(objects, row.object_prefix, page);
      if (!rows) throw notFound(`page ${page} not found: the result has ${Math.max(1, row.page_count)} pages`);
      return { row, rows };
    },

    /** All rows of a result in a form. */
    async content(access: Access, uuid: string, format: ResultFormat) {
      const row = await execution(access, uuid);
      const manifest = row.manifest as unknown as ReportManifest | null;
      if (!manifest || row.object_prefix === null) throw notFound(`the run has no result: it is ${row.status}`);
      const bytes = await readRows(objects, row.object_prefix, format, { manifest, columns: columnsOf(row) });
      if (!bytes) throw notFound('the rows of this result are gone');
      return { bytes, contentType: CONTENT_TYPES[format] };
    },

    /** Removes what an account keeps outside the database. */
    async forget(account: string): Promise<void> {
      for (const { uuid, job_id } of await executionsOf(db, account)) {
        await cancelJob(job_id);
        await closeExecution(db, uuid, 'cancelled', 'the account is deleted');
        await deleteResult(objects, uuid);
      }
    },
  };
}

export type ScheduleService = ReturnType<typeof createScheduleService>;
