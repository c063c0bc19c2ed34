import {
  createMetricService,
  METRICS_JOB,
  metricResolvers,
  metricRoutes,
  metricsJob,
} from '#features/report-metrics/index.ts';
import {
  createScheduleService,
  DUE_JOB,
  dueJob,
  EXPIRE_JOB,
  executeJob,
  expireJob,
  reportStatistics,
  scheduleResolvers,
  scheduleRoutes,
} from '#features/report-schedules/index.ts';
import { ownedMatches } from '#features/reports/index.ts';
import type { Part, Wiring } from './part.ts';

/** A sample that is younger makes one at the start needless. */
const HOUR_SECONDS = 3_000;

/** Metrics over time, scheduled queries, and their results. */
export function wireReportSchedules({ platform, current, findings, accounts, statistics, reports }: Wiring): Part {
  if (!reports) throw new Error('scheduled queries need the part of the reports before them');
  const { config, database, objects, jobs, log } = platform;
  const settings = config.report_runs;

  const metrics = createMetricService({
    database,
    answeredMatches: (db) =>
      ownedMatches(
        {
          index: current.get(),
          settings: findings.settings,
          rows: async (statement) => (await statement.execute(db)).rows,
        },
        undefined,
      ),
  });
  reports.provide(metricResolvers);
  jobs.define(metricsJob(metrics, settings.metric_days));

  const schedules = createScheduleService({ database, jobs, objects, reports, settings });
  reports.provide(scheduleResolvers(schedules));
  jobs.define(
    executeJob({
      database,
      objects,
      reports,
      settings,
      onError: (error) => log.error({ err: error }, 'a scheduled query'),
    }),
  );
  jobs.define(dueJob({ database, jobs, schedules }));
  jobs.define(expireJob({ database, objects, settings }));
  accounts.onAccountDeleting((account) => schedules.forget(account));
  for (const statistic of reportStatistics) statistics.add(statistic);

  return {
    routes: [...metricRoutes(metrics), ...scheduleRoutes({ database, schedules })],
    async start() {
      await jobs.schedule(METRICS_JOB, '0 * * * *', {});
      await jobs.schedule(DUE_JOB, '* * * * *', {});
      await jobs.schedule(EXPIRE_JOB, '37 * * * *', {});
      await jobs.send(database.db, METRICS_JOB, { olderThanSeconds: HOUR_SECONDS }, { key: 'start' });
    },
  };
}
