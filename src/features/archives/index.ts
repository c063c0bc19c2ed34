export { type ArchiveService, createArchiveService } from './archive-service.ts';
export { archiveRoutes } from './routes.ts';
export { createRuleService, type RuleService } from './rule-service.ts';
export { previewRule, TRANSITION_JOB, type TransitionDependencies, transitionJob } from './transition-job.ts';
