export { followDuePolls, sendDuePolls } from './due-polls.ts';
export { type ImageReport, pollJob } from './poll-job.ts';
export { clusterRoutes } from './routes.ts';
export { createClusterService } from './service.ts';
