import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { overviewSearch } from '../overview/overview-search.ts';
import { reportSearch } from '../reports/report-search.ts';
import { app } from './app-route.ts';

const scopeSearch = (raw: Record<string, unknown>): { scope?: 'global' } =>
  raw.scope === 'global' ? { scope: 'global' } : {};

const overview = createRoute({
  getParentRoute: () => app,
  path: '/overview',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
});
const reports = createRoute({
  getParentRoute: () => app,
  path: '/reports',
  validateSearch: scopeSearch,
  component: lazyRouteComponent(() => import('../reports/reports-page.tsx'), 'ReportsPage'),
});
const report = createRoute({
  getParentRoute: () => app,
  path: '/reports/$report',
  validateSearch: reportSearch,
  component: lazyRouteComponent(() => import('../reports/report-page.tsx'), 'ReportPage'),
});
const schedules = createRoute({
  getParentRoute: () => app,
  path: '/reports/schedules',
  validateSearch: scopeSearch,
  component: lazyRouteComponent(() => import('../schedules/schedules-page.tsx'), 'SchedulesPage'),
});
const schedule = createRoute({
  getParentRoute: () => app,
  path: '/reports/schedules/$schedule',
  component: lazyRouteComponent(() => import('../schedules/schedule-page.tsx'), 'SchedulePage'),
});
const result = createRoute({
  getParentRoute: () => app,
  path: '/reports/results/$result',
  validateSearch: (raw: Record<string, unknown>): { page?: number } => {
    const page = Number(raw.page);
    return Number.isInteger(page) && page > 1 ? { page } : {};
  },
  component: lazyRouteComponent(() => import('../schedules/result-page.tsx'), 'ResultPage'),
});

/** Pages that look at the account as a whole. */
export const reportRoutes = [overview, reports, report, schedules, schedule, result] as const;
