import { type AlertSummary, alertsOperations, type ComplianceViolationAlert } from '#contract/alerts.ts';
import type { Database } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import type { AlertService } from './service.ts';
import { type AlertFilter, type AlertRow, listAlerts } from './store.ts';

/** Labels that a summary has, with the column behind each. */
const LABELS = {
  image_digest: 'image_digest',
  image_tag: 'image_tag',
  registry: 'registry',
  repository: 'repository',
  policy_id: 'policy_id',
} as const;

/** Handlers of the alert operations. */
export function alertRoutes({ database, alerts }: { database: Database; alerts: AlertService }): BoundOperation[] {
  const list = (account: string, filter: AlertFilter, { page, limit }: { page: number; limit: number }) =>
    listAlerts(database.db, account, filter, { limit, offset: (page - 1) * limit });
  return bindOperations(alertsOperations, {
    async get_compliance_violation_alerts({ account, query }) {
      const filter = present({
        state: query.state,
        created_after: query.created_after,
        created_before: query.created_before,
        image_digest: query.resource_image_digest,
        image_tag: query.resource_image_tag,
        registry: query.resource_registry,
        repository: query.resource_repository,
      });
      return (await list(account, filter, query)).map(view);
    },
    get_compliance_violation_alert: async ({ account, params }) => view(await alerts.get(account, params.uuid)),
    update_compliance_violation_alert_state: async ({ account, actor, params, body }) =>
      view(await alerts.setState(account, params.uuid, body.state, actor.account)),
    async get_alert_summaries({ account, query }) {
      const { state, created_after, created_before } = query;
      const filter = present({ state, created_after, created_before, ...labelFilter(query.resource_label ?? []) });
      return (await list(account, filter, query)).map(summaryView);
    },
  });
}

function labelFilter(labels: readonly string[]): Partial<AlertFilter> {
  const filter: Partial<AlertFilter> = {};
  for (const label of labels) {
    const at = label.indexOf('=');
    const name = label.slice(0, at);
    if (!Object.hasOwn(LABELS, name)) {
      throw badRequest(`resource_label names no label: ${name}; there are ${Object.keys(LABELS).join(', ')}`);
    }
    filter[LABELS[name as keyof typeof LABELS]] = label.slice(at + 1);
  }
  return filter;
}

function common(row: AlertRow) {
  return present({
    uuid: row.uuid,
    type: 'compliance_violation' as const,
    state: row.state as 'open' | 'closed',
    closed_by: row.closed_by ?? undefined,
    closed_reason: row.closed_reason ?? undefined,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  });
}

function view(row: AlertRow): ComplianceViolationAlert {
  return {
    ...common(row),
    resource: {
      image_digest: row.image_digest,
      image_tag: row.image_tag,
      registry: row.registry,
      repository: row.repository,
      policy_id: row.policy_id,
      evaluation_id: String(row.evaluation_id),
      evaluated_at: row.evaluated_at.toISOString(),
    },
    compliance_status_reason: row.reason,
    violations_count: row.violations,
  };
}

function summaryView(row: AlertRow): AlertSummary {
  const labels = Object.entries(LABELS).map(([key, column]) => ({ key, value: row[column] }));
  return { ...common(row), resource_labels: labels };
}
