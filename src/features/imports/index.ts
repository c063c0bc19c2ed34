export { importRoutes } from './routes.ts';
export { createImportService, type ImportService } from './service.ts';
