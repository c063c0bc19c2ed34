import { listPage, type ProvidedResolver, type ReportContext, textIs } from '#features/reports/index.ts';
import type { Access } from './access.ts';
import {
  countExecutions,
  type ExecutionFilter,
  type ExecutionRow,
  type ExecutionStatus,
  listExecutions,
} from './execution-store.ts';
import { countSchedules, listSchedules, type ScheduleRow } from './schedule-store.ts';
import type { ScheduleService } from './service.ts';

type Page = { limit?: number | null; nextToken?: string | null };
type Optional<T> = { [K in keyof T]?: T[K] | null };
type ScheduleFilterInput = Optional<{ uuid: string; name: string; enabled: boolean }>;
type ExecutionFilterInput = Optional<{
  uuid: string;
  queryUuid: string;
  status: ExecutionStatus;
  after: string;
  before: string;
}>;
type Uuid = { uuid: string };

/** Milliseconds before the report's own limit at which waiting for a run ends. */
const MARGIN_MS = 5_000;

/** Answers what the schema has about scheduled queries and their runs. */
export function scheduleResolvers(schedules: ScheduleService): Readonly<Record<string, ProvidedResolver>> {
  const accessOf = ({ scope }: ReportContext): Access => ({
    account: scope === 'global' ? undefined : scope.account,
    global: scope === 'global',
  });

  function executions(args: Page & { filter?: ExecutionFilterInput | null }, context: ReportContext, within?: string) {
    const access = accessOf(context);
    const filter: ExecutionFilter = {
      uuid: args.filter?.uuid ?? undefined,
      queryUuid: within ?? args.filter?.queryUuid ?? undefined,
      status: args.filter?.status ?? undefined,
      after: args.filter?.after ?? undefined,
      before: args.filter?.before ?? undefined,
    };
    return listPage<ExecutionRow, object>(
      context,
      args,
      {
        name: within === undefined ? 'scheduledQueryExecutions' : `scheduledQueries ${within}`,
        length: 2,
        read: (after, limit) =>
          listExecutions(context.db, access, filter, {
            after: after?.map(String) as [string, string] | undefined,
            limit,
          }),
        position: (row) => [row.created_at.toISOString(), row.uuid],
        count: () => countExecutions(context.db, access, filter),
      },
      executionView,
    );
  }

  const scheduleView = (row: ScheduleRow) => ({
    uuid: row.uuid,
    name: row.name,
    description: row.description,
    cronSchedule: row.cron_schedule,
    query: row.query,
    enabled: row.enabled,
    createdAt: row.created_at,
    lastUpdated: row.last_updated,
    lastExecutedAt: row.last_executed_at,
    nextExecutionAt: row.enabled ? row.next_execution_at : null,
  });

  return {
    'Query.scheduledQueries': (args: Page & { filter?: ScheduleFilterInput | null }, context) => {
      const access = accessOf(context);
      const filter = {
        uuid: args.filter?.uuid ?? undefined,
        name: textIs('name', args.filter?.name),
        enabled: args.filter?.enabled ?? undefined,
      };
      return listPage(
        context,
        args,
        {
          name: 'scheduledQueries',
          length: 2,
          read: (after, limit) =>
            listSchedules(context.db, access, filter, {
              after: after?.map(String) as [string, string] | undefined,
              limit,
            }),
          position: (row) => [row.name, row.uuid],
          count: () => countSchedules(context.db, access, filter),
        },
        scheduleView,
      );
    },

    'Query.scheduledQueryExecutions': (args, context) => executions(args, context),

    'ScheduledQuery.executions': (args: Page, context, schedule: Uuid) => executions(args, context, schedule.uuid),

    'Mutation.createScheduledQuery': async (
      args: {
        name: string;
        description?: string | null;
        cronSchedule: string;
        query: string;
        enabled?: boolean | null;
      },
      context,
    ) => {
      const { name, description, cronSchedule, query, enabled } = args;
      const row = await schedules.create(
        context.scope,
        { name, description: description ?? null, cron_schedule: cronSchedule, query, enabled: enabled ?? true },
        context.username ?? null,
      );
      return { ok: true, scheduledQuery: scheduleView(row) };
    },

    'Mutation.updateScheduledQuery': async (
      args: Uuid &
        Optional<{ name: string; description: string; cronSchedule: string; query: string; enabled: boolean }>,
      context,
    ) => {
      const row = await schedules.update(accessOf(context), args.uuid, {
        name: args.name ?? undefined,
        description: args.description,
        cron_schedule: args.cronSchedule ?? undefined,
        query: args.query ?? undefined,
        enabled: args.enabled ?? undefined,
      });
      return { ok: true, scheduledQuery: scheduleView(row) };
    },

    'Mutation.deleteScheduledQuery': async ({ uuid }: Uuid, context) => {
      await schedules.remove(accessOf(context), uuid);
      return { ok: true };
    },

    'Mutation.executeScheduledQuery': async ({ uuid }: Uuid, context) => {
      const access = accessOf(context);
      const result = await schedules.run(access, uuid, context.username ?? null);
      const patience = AbortSignal.timeout(Math.max(1_000, context.limits.seconds * 1000 - MARGIN_MS));
      const row = await schedules.settled(access, result, AbortSignal.any([context.signal, patience]));
      return { ok: row.status === 'complete', execution: executionView(row) };
    },

    'Mutation.executeScheduledQueryAsync': async ({ uuid }: Uuid, context) => ({
      ok: true,
      resultUuid: await schedules.run(accessOf(context), uuid, context.username ?? null),
    }),

    'Mutation.cancelScheduledQueryExecution': async ({ uuid }: Uuid, context) => {
      await schedules.cancel(accessOf(context), uuid, context.username ?? null);
      return { ok: true };
    },

    'Mutation.deleteScheduledQueryExecution': async ({ uuid }: Uuid, context) => {
      await schedules.removeExecution(accessOf(context), uuid);
      return { ok: true };
    },
  };
}

function executionView(row: ExecutionRow) {
  return {
    uuid: row.uuid,
    queryUuid: row.query_uuid,
    status: row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    rowCount: row.row_count,
    pageCount: row.page_count,
    errorMessage: row.error_message,
  };
}
