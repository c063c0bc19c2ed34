export { PARSE_JOB, parseJob } from './parse-job.ts';
export { createReader } from './reader.ts';
export { complianceRoutes } from './routes.ts';
export { type ComplianceDependencies, type ComplianceService, createComplianceService } from './service.ts';
export { createStigService, type StigService } from './stig-service.ts';
export { evaluationsMark, evaluationsOfImage } from './stig-store.ts';
export { SWEEP_JOB, sweepJob } from './sweep-job.ts';
