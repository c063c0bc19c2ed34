import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { runtimeSearch } from '../runtime/runtime-search.ts';
import { app } from './app-route.ts';

const runtime = createRoute({
  getParentRoute: () => app,
  path: '/runtime',
  validateSearch: runtimeSearch,
  component: lazyRouteComponent(() => import('../runtime/runtime-page.tsx'), 'RuntimePage'),
});
const containers = createRoute({
  getParentRoute: () => app,
  path: '/runtime/containers',
  component: lazyRouteComponent(() => import('../runtime/containers-page.tsx'), 'ContainersPage'),
});
const clusters = createRoute({
  getParentRoute: () => app,
  path: '/runtime/clusters',
  component: lazyRouteComponent(() => import('../runtime/clusters-page.tsx'), 'ClustersPage'),
});
const agents = createRoute({
  getParentRoute: () => app,
  path: '/runtime/agents',
  component: lazyRouteComponent(() => import('../runtime/agents-page.tsx'), 'AgentsPage'),
});

/** Pages about what runs where. */
export const runtimeRoutes = [runtime, containers, clusters, agents] as const;
