export { annotationRoutes } from './routes.ts';
export { type AnnotationService, createAnnotationService } from './service.ts';
export { type AnnotationRow, listAnnotations } from './store.ts';
