export { repositoryRoutes } from './routes.ts';
export { addTagsJob, createRepositoryService, type RepositoryService } from './service.ts';
