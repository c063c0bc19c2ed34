export { coverageGaps } from './coverage.ts';
export { createPolicyFacts } from './policy-facts.ts';
export type { VulnerableImage } from './query-store.ts';
export { findingRoutes } from './routes.ts';
export { createFindingService, type FindingService } from './service.ts';
