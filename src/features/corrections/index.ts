export { type ApplyDependencies, applyJob, applyToNewAnalysis } from './apply-job.ts';
export { correctionRoutes } from './routes.ts';
export { type CorrectionService, createCorrectionService } from './service.ts';
