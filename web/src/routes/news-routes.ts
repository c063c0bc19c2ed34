import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { alertsSearch } from '../alerts/alerts-search.ts';
import { eventsSearch } from '../events/events-search.ts';
import { deliveriesSearch, receiversSearch } from '../notifications/notifications-search.ts';
import { app } from './app-route.ts';

const events = createRoute({
  getParentRoute: () => app,
  path: '/events',
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import('../events/events-page.tsx'), 'EventsPage'),
});
const alerts = createRoute({
  getParentRoute: () => app,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => import('../alerts/alerts-page.tsx'), 'AlertsPage'),
});
const subscriptions = createRoute({
  getParentRoute: () => app,
  path: '/subscriptions',
  component: lazyRouteComponent(() => import('../subscriptions/subscriptions-page.tsx'), 'SubscriptionsPage'),
});
const receivers = createRoute({
  getParentRoute: () => app,
  path: '/notifications',
  validateSearch: receiversSearch,
  component: lazyRouteComponent(() => import('../notifications/receivers-page.tsx'), 'ReceiversPage'),
});
const deliveries = createRoute({
  getParentRoute: () => app,
  path: '/notifications/deliveries',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import('../notifications/deliveries-page.tsx'), 'DeliveriesPage'),
});

/** Pages about what happens, and who is told. */
export const newsRoutes = [events, alerts, subscriptions, receivers, deliveries] as const;
