export { type ReportContext, type ReportScope, scopeAccount } from './execution/context.ts';
export {
  createReportExecution,
  type ReportDependencies,
  type ReportExecution,
  type ReportRequest,
  type ReportResult,
} from './execution/execute.ts';
export { DEFAULT_LIMITS, type ReportLimits } from './execution/limits.ts';
export { reportError } from './execution/report-error.ts';
export { inSnapshot } from './execution/snapshot.ts';
export { type ReportStream, streamReport } from './execution/stream.ts';
export { textIs } from './queries/conditions.ts';
export { ownedMatches } from './queries/owned-store.ts';
export { reportRoutes } from './routes.ts';
export { listPage, type ProvidedResolver } from './schema/provided.ts';
export { reportSchema, reportSchemaText } from './schema/schema.ts';
