export { scanRoutes } from './routes.ts';
export { createScanService, type ScanDependencies, type ScanService } from './service.ts';
