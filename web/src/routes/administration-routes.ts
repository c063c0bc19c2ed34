import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { auditSearch } from '../audit/audit-search.ts';
import { app, text } from './app-route.ts';

const registries = createRoute({
  getParentRoute: () => app,
  path: '/registries',
  component: lazyRouteComponent(() => import('../registries/registries-page.tsx'), 'RegistriesPage'),
});
const users = createRoute({
  getParentRoute: () => app,
  path: '/access',
  component: lazyRouteComponent(() => import('../access/users-page.tsx'), 'UsersPage'),
});
const keys = createRoute({
  getParentRoute: () => app,
  path: '/access/keys',
  component: lazyRouteComponent(() => import('../access/keys-page.tsx'), 'KeysPage'),
});
const accounts = createRoute({
  getParentRoute: () => app,
  path: '/access/accounts',
  component: lazyRouteComponent(() => import('../access/accounts-page.tsx'), 'AccountsPage'),
});
const identityProviders = createRoute({
  getParentRoute: () => app,
  path: '/access/identity-providers',
  validateSearch: (search: Record<string, unknown>): { provider?: string } => {
    const provider = text(search.provider);
    return provider ? { provider } : {};
  },
  component: lazyRouteComponent(() => import('../identity-providers/providers-page.tsx'), 'ProvidersPage'),
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});
const archive = createRoute({
  getParentRoute: () => app,
  path: '/archive',
  component: lazyRouteComponent(() => import('../archive/archive-page.tsx'), 'ArchivePage'),
});
const rules = createRoute({
  getParentRoute: () => app,
  path: '/archive/rules',
  component: lazyRouteComponent(() => import('../archive/rules-page.tsx'), 'RulesPage'),
});
const lifecycle = createRoute({
  getParentRoute: () => app,
  path: '/archive/lifecycle',
  component: lazyRouteComponent(() => import('../archive/lifecycle-page.tsx'), 'LifecyclePage'),
});

/** Pages for those who run the installation or an account. */
export const administrationRoutes = [
  registries,
  users,
  keys,
  accounts,
  identityProviders,
  audit,
  archive,
  rules,
  lifecycle,
] as const;
