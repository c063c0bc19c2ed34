import { z } from 'zod';
import { queryInteger, queryList, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `ComplianceViolationAlert`. */
export const ComplianceResource = z
  .object({
    image_digest: z.string().optional(),
    policy_id: z.string().optional(),
    image_tag: z.string().optional(),
    registry: z.string().optional(),
    repository: z.string().optional(),
    evaluation_id: z.string().optional(),
    evaluated_at: timestamp.optional(),
  })
  .meta({ id: 'ComplianceResource' });
export type ComplianceResource = z.output<typeof ComplianceResource>;

/** Answer of `get_compliance_violation_alert`, `update_compliance_violation_alert_state`. */
export const ComplianceViolationAlert = z
  .object({
    uuid: z.string().optional(),
    type: z.enum(['compliance_violation']).optional(),
    state: z.enum(['open', 'closed']).optional(),
    resource: ComplianceResource.optional(),
    closed_by: z.string().optional(),
    closed_reason: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    compliance_status_reason: z.string().optional(),
    violations_count: z.int().optional(),
  })
  .meta({ id: 'ComplianceViolationAlert' });
export type ComplianceViolationAlert = z.output<typeof ComplianceViolationAlert>;

/** Answer of `get_compliance_violation_alerts`. */
export const ComplianceViolationAlertList = z
  .array(ComplianceViolationAlert)
  .meta({ id: 'ComplianceViolationAlertList' });
export type ComplianceViolationAlertList = z.output<typeof ComplianceViolationAlertList>;

/** Body of `update_compliance_violation_alert_state`. */
export const ComplianceViolationAlertState = z
  .object({
    state: z.enum(['open', 'closed']),
  })
  .meta({ id: 'ComplianceViolationAlertState' });
export type ComplianceViolationAlertState = z.output<typeof ComplianceViolationAlertState>;

/** Part of `AlertSummary`. */
export const ResourceLabel = z
  .object({
    key: z.string().optional(),
    value: z.string().optional(),
  })
  .meta({ id: 'ResourceLabel' });
export type ResourceLabel = z.output<typeof ResourceLabel>;

/** Part of `AlertSummaryList`. */
export const AlertSummary = z
  .object({
    uuid: z.string().optional(),
    type: z.enum(['compliance_violation']).optional(),
    state: z.enum(['open', 'closed']).optional(),
    resource_labels: z.array(ResourceLabel).optional(),
    closed_by: z.string().optional(),
    closed_reason: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'AlertSummary' });
export type AlertSummary = z.output<typeof AlertSummary>;

/** Answer of `get_alert_summaries`. */
export const AlertSummaryList = z.array(AlertSummary).meta({ id: 'AlertSummaryList' });
export type AlertSummaryList = z.output<typeof AlertSummaryList>;

/** Operations of alerts. */
export const alertsOperations = {
  /** Read compliance violation alerts. */
  get_compliance_violation_alerts: defineOperation({
    id: 'get_compliance_violation_alerts',
    method: 'GET',
    path: '/alerts/compliance-violations',
    tag: 'Alerts',
    summary: 'Read compliance violation alerts',
    permission: { action: 'listAlerts', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 100 }).default(100),
      state: z.enum(['all', 'open', 'closed']).default('open'),
      created_after: queryTime().optional(),
      created_before: queryTime().optional(),
      resource_image_digest: z.string().optional(),
      resource_image_tag: z.string().optional(),
      resource_registry: z.string().optional(),
      resource_repository: z.string().optional(),
    }),
    success: { status: 200, schema: ComplianceViolationAlertList },
    errors: [403, 500],
  }),
  /** Read compliance violation alert. */
  get_compliance_violation_alert: defineOperation({
    id: 'get_compliance_violation_alert',
    method: 'GET',
    path: '/alerts/compliance-violations/{uuid}',
    tag: 'Alerts',
    summary: 'Read compliance violation alert',
    permission: { action: 'getAlert', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    success: { status: 200, schema: ComplianceViolationAlert },
    errors: [],
  }),
  /** Update compliance violation alert state. */
  update_compliance_violation_alert_state: defineOperation({
    id: 'update_compliance_violation_alert_state',
    method: 'PATCH',
    path: '/alerts/compliance-violations/{uuid}',
    tag: 'Alerts',
    summary: 'Update compliance violation alert state',
    permission: { action: 'updateAlert', domain: 'account' },
    params: z.object({ uuid: z.string() }),
    body: ComplianceViolationAlertState,
    success: { status: 200, schema: ComplianceViolationAlert },
    errors: [403, 404, 500],
  }),
  /** Read alert summaries. */
  get_alert_summaries: defineOperation({
    id: 'get_alert_summaries',
    method: 'GET',
    path: '/alerts/summaries',
    tag: 'Alerts',
    summary: 'Read alert summaries',
    permission: { action: 'listAlerts', domain: 'account' },
    query: z.object({
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 100 }).default(100),
      type: z.enum(['all', 'compliance_violation']).default('all'),
      state: z.enum(['all', 'open', 'closed']).default('open'),
      created_after: queryTime().optional(),
      created_before: queryTime().optional(),
      resource_label: queryList(z.string().regex(/^\S+=\S+$/), { repeated: true }).optional(),
    }),
    success: { status: 200, schema: AlertSummaryList },
    errors: [400, 403, 500],
  }),
};
