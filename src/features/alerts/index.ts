export { RECONCILE_JOB, reconcileJob } from './reconcile-job.ts';
export { alertRoutes } from './routes.ts';
export { type AlertService, createAlertService } from './service.ts';
