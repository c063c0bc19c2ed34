import { type Integration, type IntegrationSummary, integrationsOperations } from '#contract/integrations.ts';
import { answer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { IntegrationService } from './service.ts';
import type { IntegrationRow } from './store.ts';

const REASONS = {
  registered: 'Registered, no health report yet',
  active: 'Health reports arrive',
  inactive: 'Three health reports in a row are missing',
} as const;

/** Agents read answers strictly: numbers and lists are there even when empty, times only when known. */
function summary(row: IntegrationRow): IntegrationSummary {
  const errors = row.reported_errors as string[];
  return {
    ...present({ name: row.name, version: row.version, cluster_name: row.cluster_name, namespace: row.namespace }),
    uuid: row.uuid,
    type: 'k8s_inventory_agent',
    reported_status: {
      ...(row.reported_state === null ? {} : { state: row.reported_state as 'healthy' | 'unhealthy' }),
      reason: errors[0] ?? '',
      details: errors.length > 0 ? { errors } : {},
    },
    integration_status: {
      state: row.state as 'registered' | 'active' | 'inactive',
      reason: REASONS[row.state as keyof typeof REASONS],
      details: {},
      updated_at: row.state_updated_at.toISOString(),
    },
    last_seen: row.last_seen.toISOString(),
    uptime: row.uptime,
    account_name: row.account,
    username: row.username,
    explicitly_account_bound: row.explicitly_account_bound,
    accounts: row.accounts,
    health_report_interval: row.health_report_interval,
    registration_id: row.registration_id,
    registration_instance_id: row.registration_instance_id,
  };
}

function details(row: IntegrationRow): Integration {
  return {
    ...summary(row),
    ...present({ description: row.description, started_at: row.started_at?.toISOString() }),
    uuid: row.uuid,
    type: 'k8s_inventory_agent',
    account_name: row.account,
    username: row.username,
    namespaces: row.namespaces,
    configuration: row.configuration as Record<string, unknown>,
  };
}

/** Administrators who do not look into another account see the agents of all. */
function seen(actor: Actor, account: string): string | undefined {
  return actor.accountType === 'admin' && account === actor.account ? undefined : account;
}

/** Handlers of the integration operations. */
export function integrationRoutes(integrations: IntegrationService): BoundOperation[] {
  return bindOperations(integrationsOperations, {
    async register_integration({ account, body }) {
      const { row, added } = await integrations.register(account, body);
      return answer(details(row), { status: added ? 201 : 200 });
    },
    handle_health_report: ({ account, actor, params, body }) =>
      integrations.reportHealth(seen(actor, account), params.integration_uuid, body),
    get_integration_by_id: async ({ account, actor, params }) =>
      details(await integrations.get(seen(actor, account), params.integration_uuid)),
    list_integrations: async ({ account, actor, query }) => ({
      items: (await integrations.list(seen(actor, account), query.only_degraded)).map(summary),
    }),
    delete_integration: ({ account, actor, params, query }) =>
      integrations.remove(seen(actor, account), params.integration_uuid, query.force),
  });
}
