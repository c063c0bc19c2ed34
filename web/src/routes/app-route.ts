import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { isSignedIn } from '../session/is-signed-in.ts';
import { UnknownPage } from '../states/unknown-page.tsx';

/** Root of all pages. */
export const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: UnknownPage,
});

/** Parent of all pages that need a session. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    if (!(await isSignedIn(context.queries))) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import('../shell/shell.tsx'), 'Shell'),
});

/** A text of the address; undefined for anything else. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
