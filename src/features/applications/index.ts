export { createApplicationReports } from './reports.ts';
export { applicationRoutes } from './routes.ts';
export { type ApplicationService, createApplicationService } from './service.ts';
