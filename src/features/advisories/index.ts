export { advisoryRoutes } from './routes.ts';
export { type AdvisoryService, createAdvisoryService, type PrivateMatch } from './service.ts';
