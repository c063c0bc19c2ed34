export { ANALYZE_JOB, type AnalyzeDependencies, analyzeJob, analyzeKey } from './analyze-job.ts';
export { ancestorsOf } from './ancestors.ts';
export {
  apiPackageType,
  contentSummary,
  contentTypeOf,
  contentTypes,
  javaContent,
  packageContent,
  packagePath,
} from './content.ts';
export type { ImageGateway, ImageReference } from './gateway.ts';
export { createRegistryGateway } from './registry-gateway.ts';
export { type AccountRevisions, createAccountRevisions } from './revision.ts';
export { imageRoutes } from './routes.ts';
export { createImageService, type ImageService, type KnownImage } from './service.ts';
export { collectDeleted, type ImageRow, waitingImages } from './store.ts';
export { fullTag, type TagParts, tagsOf } from './tag-store.ts';
export { anchoreImage } from './view.ts';
