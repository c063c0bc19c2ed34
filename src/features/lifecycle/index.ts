export { LIFECYCLE_JOB, lifecycleJob } from './lifecycle-job.ts';
export { lifecycleRoutes } from './routes.ts';
export { createLifecycleService, type LifecycleService } from './service.ts';
