export { type OverviewDependencies, overviewRoutes } from './routes.ts';
