export { integrationRoutes } from './routes.ts';
export { createIntegrationService, type IntegrationService } from './service.ts';
export { INTEGRATION_WATCH_JOB, integrationWatchJob } from './watch-job.ts';
