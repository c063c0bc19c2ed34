export { ADD_TAGS_JOB, type AddTagsPayload, addTagsJob } from './add-tags-job.ts';
export { type RepositoryValue, repositoryValue } from './repository-value.ts';
export { repositoryRoutes } from './routes.ts';
export { createRepositoryService, type RepositoryService } from './service.ts';
