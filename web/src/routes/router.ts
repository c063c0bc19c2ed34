import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { vulnerabilitiesSearch } from '../image/vulnerabilities/vulnerabilities-search.ts';
import { imagesSearch } from '../images/images-search.ts';
import { isSignedIn } from '../session/is-signed-in.ts';
import { RouteFailure } from '../states/route-failure.tsx';
import { UnknownPage } from '../states/unknown-page.tsx';
import { Waiting } from '../states/waiting.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: UnknownPage,
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = text(search.next);
    // only places of this page: a foreign address would be an open redirect
    return next && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import('../session/sign-in-page.tsx'), 'SignInPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    if (!(await isSignedIn(context.queries))) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import('../shell/shell.tsx'), 'Shell'),
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

const feeds = createRoute({
  getParentRoute: () => app,
  path: '/feeds',
  component: lazyRouteComponent(() => import('../feeds/feeds-page.tsx'), 'FeedsPage'),
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
    image.addChildren([imageOverview, imageVulnerabilities, imageContents, imageCheck]),
    feeds,
    policies,
    system,
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
