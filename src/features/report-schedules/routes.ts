import { queryResultsOperations } from '#contract/query-results.ts';
import {
  type ReportManifest,
  type ReportResult,
  type ReportSchedule,
  windlassReportSchedulesOperations,
} from '#contract/windlass-report-schedules.ts';
import type { Database } from '#platform/database/types.ts';
import { answer, rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation } from '#platform/http/types.ts';
import { badRequest, forbidden } from '#shared/errors.ts';
import type { Access } from './access.ts';
import { type ExecutionRow, listExecutions } from './execution-store.ts';
import { listSchedules, type ScheduleRow } from './schedule-store.ts';
import type { ScheduleService } from './service.ts';

const ALL = 10_000;
const DEFAULT_LIMIT = 100;

/** Handlers of scheduled queries and of their results. */
export function scheduleRoutes({
  database,
  schedules,
}: {
  database: Database;
  schedules: ScheduleService;
}): BoundOperation[] {
  type Caller = { actor: Actor; account: string };
  const isAdmin = ({ actor }: Caller) => actor.accountType === 'admin';
  /** What the caller may name by its id. */
  const any = (caller: Caller): Access => ({ account: caller.account, global: isAdmin(caller) });

  /** What a list shows. */
  function listed(caller: Caller, scope: 'account' | 'global' | undefined): Access {
    if (scope !== 'global') return { account: caller.account, global: false };
    if (!isAdmin(caller)) throw forbidden('Queries over all accounts are for administrators');
    return { account: undefined, global: true };
  }

  async function page(access: Access, uuid: string, number: number | undefined) {
    const { row, rows } = await schedules.page(access, uuid, number ?? 1);
    const head = {
      result_uuid: row.uuid,
      query_uuid: row.query_uuid,
      status: row.status,
      report: (row.manifest as unknown as ReportManifest).report,
      page: number ?? 1,
      page_count: Math.max(1, row.page_count),
      row_count: row.row_count,
    };
    return rawAnswer(`${JSON.stringify(head).slice(0, -1)},"results":[${rows.join(',')}]}`, {
      contentType: 'application/json',
    });
  }

  return [
    ...bindOperations(queryResultsOperations, {
      get_query_result: ({ account, params, query }) =>
        page({ account, global: false }, params.result_uuid, query.page),
      get_global_query_result: (input) => page(listed(input, 'global'), input.params.result_uuid, input.query.page),
    }),
    ...bindOperations(windlassReportSchedulesOperations, {
      async list_report_schedules(input) {
        const rows = await listSchedules(database.db, listed(input, input.query.scope), {}, { limit: ALL });
        return { items: rows.map(scheduleView) };
      },
      async create_report_schedule(input) {
        const { scope, ...fields } = input.body;
        if (scope === 'global') listed(input, scope);
        const owner = scope === 'global' ? ('global' as const) : { account: input.account };
        return scheduleView(await schedules.create(owner, fields, input.actor.username));
      },
      get_report_schedule: async (input) =>
        scheduleView(await schedules.schedule(any(input), input.params.schedule_uuid)),
      update_report_schedule: async (input) =>
        scheduleView(await schedules.update(any(input), input.params.schedule_uuid, input.body)),
      delete_report_schedule: (input) => schedules.remove(any(input), input.params.schedule_uuid),
      async run_report_schedule(input) {
        const uuid = await schedules.run(any(input), input.params.schedule_uuid, input.actor.username);
        return answer(resultView(await schedules.execution(any(input), uuid)), { status: 202 });
      },
      async list_report_results(input) {
        const { scope, schedule_uuid: queryUuid, status, limit = DEFAULT_LIMIT, next_token: token } = input.query;
        const after = readToken(token);
        const access = listed(input, scope);
        const rows = await listExecutions(database.db, access, { queryUuid, status }, { after, limit: limit + 1 });
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return {
          items: rows.slice(0, limit).map(resultView),
          next_token: last ? Buffer.from(JSON.stringify([last.created_at, last.uuid])).toString('base64url') : null,
        };
      },
      get_report_result: async (input) => resultView(await schedules.execution(any(input), input.params.result_uuid)),
      delete_report_result: (input) => schedules.removeExecution(any(input), input.params.result_uuid),
      cancel_report_result: async (input) =>
        resultView(await schedules.cancel(any(input), input.params.result_uuid, input.actor.username)),
      async download_report_result(input) {
        const { format = 'ndjson' } = input.query;
        const { bytes, contentType } = await schedules.content(any(input), input.params.result_uuid, format);
        const name = `report-${input.params.result_uuid}.${format}`;
        return rawAnswer(bytes, { contentType, headers: { 'content-disposition': `attachment; filename="${name}"` } });
      },
    }),
  ];
}

function readToken(token: string | undefined): [string, string] | undefined {
  if (token === undefined) return undefined;
  try {
    const [time, uuid] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    if (typeof time === 'string' && typeof uuid === 'string' && !Number.isNaN(Date.parse(time)))
      return [new Date(time).toISOString(), uuid];
  } catch {
    // Said below.
  }
  throw badRequest("'next_token' is not a token of this list");
}

const iso = (time: Date | null): string | null => (time === null ? null : time.toISOString());

function scheduleView(row: ScheduleRow): ReportSchedule {
  return {
    uuid: row.uuid,
    scope: row.scope as ReportSchedule['scope'],
    name: row.name,
    description: row.description,
    cron_schedule: row.cron_schedule,
    time_zone: row.time_zone,
    query: row.query,
    variables: row.variables as unknown as Record<string, unknown>,
    columns: row.result_columns as unknown as ReportSchedule['columns'],
    enabled: row.enabled,
    delta: row.delta,
    keep_count: row.keep_count,
    keep_days: row.keep_days,
    timeout_seconds: row.timeout_seconds,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    last_executed_at: iso(row.last_executed_at),
    next_execution_at: row.enabled ? iso(row.next_execution_at) : null,
  };
}

function resultView(row: ExecutionRow): ReportResult {
  return {
    uuid: row.uuid,
    schedule_uuid: row.query_uuid,
    scope: row.scope as ReportResult['scope'],
    status: row.status as ReportResult['status'],
    cause: row.cause as ReportResult['cause'],
    requested_by: row.requested_by,
    created_at: row.created_at.toISOString(),
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    row_count: row.row_count,
    page_count: row.page_count,
    error_message: row.error_message,
    manifest: row.manifest as unknown as ReportManifest | null,
  };
}
