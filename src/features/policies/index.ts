export { ArchivedEvaluations, archiveEvaluations, restoreEvaluations } from './archived-evaluations.ts';
export { evaluateImageJob, IMAGE_EVALUATE_JOB } from './evaluate-image-job.ts';
export {
  type CheckRequest,
  type CheckResult,
  createEvaluationService,
  type EvaluationService,
  type EvaluationServiceDependencies,
  type LoadedFacts,
} from './evaluation-service.ts';
export { expireEvaluations } from './evaluation-store.ts';
export { REEVALUATE_JOB, reevaluateJob } from './reevaluate-job.ts';
export { policyRoutes } from './routes.ts';
export { createPolicyService, type PolicyService, type PolicyServiceDependencies } from './service.ts';
export { createSourceEvaluations, type JudgedSource, type SourceEvaluations } from './source-evaluations.ts';
