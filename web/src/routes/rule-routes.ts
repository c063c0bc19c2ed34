import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from './app-route.ts';

const corrections = createRoute({
  getParentRoute: () => app,
  path: '/corrections',
  component: lazyRouteComponent(() => import('../corrections/corrections-page.tsx'), 'CorrectionsPage'),
});
const vex = createRoute({
  getParentRoute: () => app,
  path: '/corrections/vex',
  component: lazyRouteComponent(() => import('../corrections/vex-page.tsx'), 'VexPage'),
});
const advisories = createRoute({
  getParentRoute: () => app,
  path: '/corrections/advisories',
  component: lazyRouteComponent(() => import('../corrections/advisories-page.tsx'), 'AdvisoriesPage'),
});
const policy = createRoute({
  getParentRoute: () => app,
  path: '/policies/$policy',
  component: lazyRouteComponent(() => import('../policies/editor/policy-page.tsx'), 'PolicyPage'),
});

/** Pages about rules of the account. */
export const ruleRoutes = [corrections, vex, advisories, policy] as const;
