export { type ExecuteDependencies, executeJob } from './execute-job.ts';
export { DUE_JOB, dueJob, EXPIRE_JOB, expireJob } from './maintenance-jobs.ts';
export { scheduleResolvers } from './resolvers.ts';
export { scheduleRoutes } from './routes.ts';
export { createScheduleService, type ScheduleService } from './service.ts';
export { reportStatistics } from './statistics.ts';
