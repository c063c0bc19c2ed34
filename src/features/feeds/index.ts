export { type CurrentIndex, createCurrentIndex, indexFolder } from './current-index.ts';
export { feedRoutes } from './routes.ts';
export { createFeedService, type FeedService } from './service.ts';
export { type FetchedBuild, REMATCH_JOB, rematchJob, SYNC_JOB, type SyncDependencies, syncJob } from './sync-job.ts';
