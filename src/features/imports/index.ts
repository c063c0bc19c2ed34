export {
  createImportOperations,
  forgetImports,
  type ImportOperations,
  type ImportStorage,
  sweepImports,
} from './operations.ts';
export { importRoutes } from './routes.ts';
export { createImportService, type ImportService } from './service.ts';
export type { ContentRow, ImportRow } from './store.ts';
export { contentView, importView } from './view.ts';
