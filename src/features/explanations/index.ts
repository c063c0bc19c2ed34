export { explanationRoutes } from './routes.ts';
export { createExplanationService, type ExplanationDependencies, type ExplanationService } from './service.ts';
export type { Overlay } from './view.ts';
