import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { buildsSearch, changesSearch } from '../feeds/feeds-search.ts';
import { app } from './app-route.ts';

const feeds = createRoute({
  getParentRoute: () => app,
  path: '/feeds',
  component: lazyRouteComponent(() => import('../feeds/feeds-page.tsx'), 'FeedsPage'),
});
const builds = createRoute({
  getParentRoute: () => app,
  path: '/feeds/builds',
  validateSearch: buildsSearch,
  component: lazyRouteComponent(() => import('../feeds/builds-page.tsx'), 'BuildsPage'),
});
const providers = createRoute({
  getParentRoute: () => app,
  path: '/feeds/providers',
  component: lazyRouteComponent(() => import('../feeds/providers-page.tsx'), 'ProvidersPage'),
});
const changes = createRoute({
  getParentRoute: () => app,
  path: '/feeds/changes',
  validateSearch: changesSearch,
  component: lazyRouteComponent(() => import('../feeds/changes-page.tsx'), 'ChangesPage'),
});

/** Pages about the vulnerability data. */
export const feedRoutes = [feeds, builds, providers, changes] as const;
