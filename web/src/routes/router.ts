import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { checkSearch, checksSearch } from '../compliance/compliance-search.ts';
import { historySearch } from '../image/history/history-search.ts';
import { vulnerabilitiesSearch } from '../image/vulnerabilities/vulnerabilities-search.ts';
import { imagesSearch } from '../images/images-search.ts';
import { RouteFailure } from '../states/route-failure.tsx';
import { Waiting } from '../states/waiting.tsx';
import { administrationRoutes } from './administration-routes.ts';
import { app, root, text } from './app-route.ts';
import { feedRoutes } from './feed-routes.ts';
import { newsRoutes } from './news-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { runtimeRoutes } from './runtime-routes.ts';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string; problem?: string } => {
    const [next, problem] = [text(search.next), text(search.problem)];
    // only places of this page: a foreign address would be an open redirect
    return { ...(next && /^\/(?![/\\])/.test(next) ? { next } : {}), ...(problem ? { problem } : {}) };
  },
  component: lazyRouteComponent(() => import('../session/sign-in-page.tsx'), 'SignInPage'),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/images' });
  },
});

const images = createRoute({
  getParentRoute: () => app,
  path: '/images',
  validateSearch: imagesSearch,
  component: lazyRouteComponent(() => import('../images/images-page.tsx'), 'ImagesPage'),
});

const image = createRoute({
  getParentRoute: () => app,
  path: '/images/$digest',
  component: lazyRouteComponent(() => import('../image/image-page.tsx'), 'ImagePage'),
});
const imageOverview = createRoute({
  getParentRoute: () => image,
  path: '/',
  component: lazyRouteComponent(() => import('../image/overview-tab.tsx'), 'OverviewTab'),
});
const imageVulnerabilities = createRoute({
  getParentRoute: () => image,
  path: '/vulnerabilities',
  validateSearch: vulnerabilitiesSearch,
  component: lazyRouteComponent(() => import('../image/vulnerabilities/vulnerabilities-tab.tsx'), 'VulnerabilitiesTab'),
});
const imageContents = createRoute({
  getParentRoute: () => image,
  path: '/contents',
  validateSearch: (search: Record<string, unknown>): { type?: string } => {
    const type = text(search.type);
    return type ? { type } : {};
  },
  component: lazyRouteComponent(() => import('../image/contents/contents-tab.tsx'), 'ContentsTab'),
});
const imageCheck = createRoute({
  getParentRoute: () => image,
  path: '/policy-check',
  validateSearch: (search: Record<string, unknown>): { tag?: string; policy?: string } => {
    const [tag, policy] = [text(search.tag), text(search.policy)];
    return { ...(tag ? { tag } : {}), ...(policy ? { policy } : {}) };
  },
  component: lazyRouteComponent(() => import('../image/check/check-tab.tsx'), 'CheckTab'),
});
const imageRunning = createRoute({
  getParentRoute: () => image,
  path: '/running',
  component: lazyRouteComponent(() => import('../image/running/running-tab.tsx'), 'RunningTab'),
});

const imageCompliance = createRoute({
  getParentRoute: () => image,
  path: '/compliance',
  component: lazyRouteComponent(() => import('../image/compliance/compliance-tab.tsx'), 'ComplianceTab'),
});
const imageHistory = createRoute({
  getParentRoute: () => image,
  path: '/history',
  validateSearch: historySearch,
  component: lazyRouteComponent(() => import('../image/history/history-tab.tsx'), 'HistoryTab'),
});

const policies = createRoute({
  getParentRoute: () => app,
  path: '/policies',
  validateSearch: (search: Record<string, unknown>): { policy?: string } => {
    const policy = text(search.policy);
    return policy ? { policy } : {};
  },
  component: lazyRouteComponent(() => import('../policies/policies-page.tsx'), 'PoliciesPage'),
});

const compliance = createRoute({
  getParentRoute: () => app,
  path: '/compliance',
  validateSearch: checksSearch,
  component: lazyRouteComponent(() => import('../compliance/compliance-page.tsx'), 'CompliancePage'),
});
const complianceCheck = createRoute({
  getParentRoute: () => app,
  path: '/compliance/$check',
  validateSearch: checkSearch,
  component: lazyRouteComponent(() => import('../compliance/check-page.tsx'), 'CheckPage'),
});

const system = createRoute({
  getParentRoute: () => app,
  path: '/system',
  component: lazyRouteComponent(() => import('../system/system-page.tsx'), 'SystemPage'),
});

const tree = root.addChildren([
  signIn,
  app.addChildren([
    home,
    images,
    image.addChildren([
      imageOverview,
      imageVulnerabilities,
      imageContents,
      imageCheck,
      imageCompliance,
      imageRunning,
      imageHistory,
    ]),
    ...feedRoutes,
    policies,
    compliance,
    complianceCheck,
    system,
    ...runtimeRoutes,
    ...reportRoutes,
    ...administrationRoutes,
    ...ruleRoutes,
    ...newsRoutes,
  ]),
]);

/** The pages. Each one's code is loaded when it is first wanted, or when the pointer is over its link. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteFailure,
    defaultPendingComponent: Waiting,
    defaultPendingMs: 300,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
