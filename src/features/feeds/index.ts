export { type CurrentIndex, createCurrentIndex, type IndexSources, indexFolder } from './current-index.ts';
export { FRESHNESS_JOB, freshnessJob } from './freshness-job.ts';
export { feedRoutes } from './routes.ts';
export { createFeedService, type FeedService } from './service.ts';
export type { BuildSource } from './store.ts';
export type { FeedSettings, FetchedBuild, SyncDependencies } from './sync-dependencies.ts';
export { REMATCH_JOB, rematchJob, SYNC_JOB, type SyncPayload, syncJob } from './sync-job.ts';
