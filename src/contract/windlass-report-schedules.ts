import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

const uuid = z.string().regex(/^[0-9a-f]{32}$/);
const scope = z.enum(['account', 'global']);
const SCOPE_QUERY = { scope: scope.optional() };
const permission = { action: 'viewReports', domain: 'account' } as const;
/** Of what makes, changes, starts and removes. */
const managing = { action: 'manageReports', domain: 'account' } as const;
const STATUSES = z.enum(['queued', 'running', 'complete', 'failed', 'cancelled']);

/** A column of CSV: a path of response names in a row, and the heading. */
export const ReportColumn = z
  .strictObject({ path: z.string().min(1).max(300), heading: z.string().max(200).optional() })
  .meta({ id: 'ReportColumn' });

const changeable = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  /** Five fields, minute first. */
  cron_schedule: z.string().max(400),
  /** IANA name of the zone that the schedule is read in. */
  time_zone: z.string().max(100),
  /** GraphQL document that asks for one report. */
  query: z.string().max(100_000),
  variables: z.record(z.string(), z.unknown()),
  columns: z.array(ReportColumn).min(1).max(200).nullable(),
  enabled: z.boolean(),
  /** Only rows that the run before did not have. */
  delta: z.boolean(),
  /** Results that are kept; null: the setting of the server. */
  keep_count: z.int().min(1).max(10_000).nullable(),
  keep_days: z.int().min(1).max(3_650).nullable(),
  timeout_seconds: z.int().min(1).max(604_800).nullable(),
};
const { name, query: document, cron_schedule: cron, ...optional } = changeable;

/** A query to be scheduled. */
export const NewReportSchedule = z
  .strictObject({
    name,
    query: document,
    cron_schedule: cron,
    scope: scope.optional(),
    ...z.object(optional).partial().shape,
  })
  .meta({ id: 'NewReportSchedule' });

/** What of a schedule changes. */
export const ReportScheduleChange = z
  .strictObject(z.object(changeable).partial().shape)
  .meta({ id: 'ReportScheduleChange' });

/** A query with its schedule. */
export const ReportSchedule = z
  .object({
    uuid,
    scope,
    ...changeable,
    description: z.string().nullable(),
    created_by: z.string().nullable(),
    created_at: timestamp,
    last_updated: timestamp,
    last_executed_at: timestamp.nullable(),
    next_execution_at: timestamp.nullable(),
  })
  .meta({ id: 'ReportSchedule' });
export type ReportSchedule = z.output<typeof ReportSchedule>;

/** What a result was made of. */
export const ReportManifest = z
  .object({
    report: z.string(),
    query: z.string(),
    variables: z.record(z.string(), z.unknown()),
    scope,
    account_name: z.string().nullable(),
    /** The rows are the state of this moment or later. */
    as_of: timestamp,
    finished_at: timestamp,
    complete: z.boolean(),
    row_count: z.int(),
    page_count: z.int(),
    bytes: z.int(),
    /** Of the rows as JSON, one a line. */
    digest: z.string(),
    columns: z.array(z.object({ path: z.string(), heading: z.string() })),
    /** Rows that the result of this run had are left out. */
    delta_since: z.string().nullable(),
  })
  .meta({ id: 'ReportManifest' });
export type ReportManifest = z.output<typeof ReportManifest>;

/** A run of a scheduled query. */
export const ReportResult = z
  .object({
    uuid,
    schedule_uuid: uuid,
    scope,
    status: STATUSES,
    cause: z.enum(['schedule', 'request']),
    requested_by: z.string().nullable(),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    finished_at: timestamp.nullable(),
    row_count: z.int(),
    page_count: z.int(),
    error_message: z.string().nullable(),
    /** Null until there is something to read; of a failed run, what was read before it failed. */
    manifest: ReportManifest.nullable(),
  })
  .meta({ id: 'ReportResult' });
export type ReportResult = z.output<typeof ReportResult>;

const scheduleParams = z.object({ schedule_uuid: z.string() });
const resultParams = z.object({ result_uuid: z.string() });
const paging = { limit: queryInteger({ min: 1, max: 1000 }).optional(), next_token: z.string().optional() };

/** Operations of scheduled queries and their results. */
export const windlassReportSchedulesOperations = {
  /** Scheduled queries by name. */
  list_report_schedules: defineOperation({
    id: 'list_report_schedules',
    method: 'GET',
    path: '/windlass/report-schedules',
    tag: 'Windlass',
    summary: 'List scheduled queries',
    permission,
    query: z.object(SCOPE_QUERY),
    success: {
      status: 200,
      schema: z.object({ items: z.array(ReportSchedule) }).meta({ id: 'ReportScheduleList' }),
    },
    errors: [400, 403, 500],
  }),
  /** Stores a query with its schedule; both are checked. */
  create_report_schedule: defineOperation({
    id: 'create_report_schedule',
    method: 'POST',
    path: '/windlass/report-schedules',
    tag: 'Windlass',
    summary: 'Schedule a query',
    permission: managing,
    body: NewReportSchedule,
    success: { status: 200, schema: ReportSchedule },
    errors: [400, 403, 500],
  }),
  /** One scheduled query. */
  get_report_schedule: defineOperation({
    id: 'get_report_schedule',
    method: 'GET',
    path: '/windlass/report-schedules/{schedule_uuid}',
    tag: 'Windlass',
    summary: 'Read a scheduled query',
    permission,
    params: scheduleParams,
    success: { status: 200, schema: ReportSchedule },
    errors: [403, 404, 500],
  }),
  /** Changes what is given. */
  update_report_schedule: defineOperation({
    id: 'update_report_schedule',
    method: 'PATCH',
    path: '/windlass/report-schedules/{schedule_uuid}',
    tag: 'Windlass',
    summary: 'Change a scheduled query',
    permission: managing,
    params: scheduleParams,
    body: ReportScheduleChange,
    success: { status: 200, schema: ReportSchedule },
    errors: [400, 403, 404, 500],
  }),
  /** Removes it with its results. */
  delete_report_schedule: defineOperation({
    id: 'delete_report_schedule',
    method: 'DELETE',
    path: '/windlass/report-schedules/{schedule_uuid}',
    tag: 'Windlass',
    summary: 'Delete a scheduled query and its results',
    permission: managing,
    params: scheduleParams,
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** Starts a run. */
  run_report_schedule: defineOperation({
    id: 'run_report_schedule',
    method: 'POST',
    path: '/windlass/report-schedules/{schedule_uuid}/runs',
    tag: 'Windlass',
    summary: 'Run a scheduled query now',
    permission: managing,
    params: scheduleParams,
    success: { status: 202, schema: ReportResult },
    errors: [403, 404, 409, 500],
  }),
  /** Runs, the newest first. */
  list_report_results: defineOperation({
    id: 'list_report_results',
    method: 'GET',
    path: '/windlass/report-results',
    tag: 'Windlass',
    summary: 'List runs of scheduled queries, the newest first',
    permission,
    query: z.object({
      ...SCOPE_QUERY,
      schedule_uuid: z.string().optional(),
      status: STATUSES.optional(),
      ...paging,
    }),
    success: {
      status: 200,
      schema: z
        .object({ items: z.array(ReportResult), next_token: z.string().nullable() })
        .meta({ id: 'ReportResultList' }),
    },
    errors: [400, 403, 500],
  }),
  /** One run. */
  get_report_result: defineOperation({
    id: 'get_report_result',
    method: 'GET',
    path: '/windlass/report-results/{result_uuid}',
    tag: 'Windlass',
    summary: 'Read a run of a scheduled query',
    permission,
    params: resultParams,
    success: { status: 200, schema: ReportResult },
    errors: [403, 404, 500],
  }),
  /** Removes a run with its result. */
  delete_report_result: defineOperation({
    id: 'delete_report_result',
    method: 'DELETE',
    path: '/windlass/report-results/{result_uuid}',
    tag: 'Windlass',
    summary: 'Delete a run and its result',
    permission: managing,
    params: resultParams,
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** Ends a run that waits or is under way. */
  cancel_report_result: defineOperation({
    id: 'cancel_report_result',
    method: 'POST',
    path: '/windlass/report-results/{result_uuid}/cancellation',
    tag: 'Windlass',
    summary: 'Cancel a run',
    permission: managing,
    params: resultParams,
    success: { status: 200, schema: ReportResult },
    errors: [403, 404, 409, 500],
  }),
  /** All rows. */
  download_report_result: defineOperation({
    id: 'download_report_result',
    method: 'GET',
    path: '/windlass/report-results/{result_uuid}/content',
    tag: 'Windlass',
    summary: 'Download the rows of a run',
    permission,
    params: resultParams,
    query: z.object({ format: z.enum(['ndjson', 'csv', 'json']).optional() }),
    success: { status: 200, contentType: 'application/x-ndjson', raw: true },
    errors: [400, 403, 404, 500],
  }),
};
