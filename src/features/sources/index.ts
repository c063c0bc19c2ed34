export { type AnalyzeSourceDependencies, analyzeSourceJob, nameOf } from './analyze-job.ts';
export { createSourceImportService, type SourceImportService } from './import-service.ts';
export { sourceRoutes } from './routes.ts';
export { createSourceService, type SourceService } from './service.ts';
export type { SourceName, SourceRow } from './store.ts';
export { sourceView } from './view.ts';
