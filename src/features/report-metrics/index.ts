export { metricResolvers } from './resolvers.ts';
export { metricRoutes } from './routes.ts';
export { METRICS_JOB, metricsJob } from './sample-job.ts';
export { createMetricService, type MetricService } from './service.ts';
