import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';
import { UUID } from './vulnerability-annotations.ts';

/** Part of `HealthReport`, `IntegrationRegister`, `IntegrationSummary`. */
export const HealthReportInterval = z.int().min(30).max(600).meta({ id: 'HealthReportInterval' });
export type HealthReportInterval = z.output<typeof HealthReportInterval>;

/** Part of `HealthData`, `IntegrationRegister`, `IntegrationSummary`. */
export const IntegrationType = z.enum(['k8s_inventory_agent']).meta({ id: 'IntegrationType' });
export type IntegrationType = z.output<typeof IntegrationType>;

/** Part of `HealthData`. */
export const AccountK8sInventoryReportInfo = z
  .object({
    report_timestamp: timestamp,
    account_name: z.string(),
    sent_as_user: z.string(),
    batch_size: z.int().min(1),
    last_successful_index: z.int().min(-1),
    has_errors: z.boolean(),
    batches: z.array(
      z.object({
        batch_index: z.int().min(1),
        send_timestamp: timestamp,
        error: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'AccountK8sInventoryReportInfo' });
export type AccountK8sInventoryReportInfo = z.output<typeof AccountK8sInventoryReportInfo>;

/** Part of `HealthReport`. */
export const HealthData = z
  .object({
    type: IntegrationType,
    version: z.int(),
    errors: z.array(z.string()).optional(),
    account_k8s_inventory_reports: z.record(z.string(), AccountK8sInventoryReportInfo).optional(),
  })
  .meta({ id: 'HealthData' });
export type HealthData = z.output<typeof HealthData>;

/** Body of `handle_health_report`. */
export const HealthReport = z
  .object({
    uuid: z.guid(),
    protocol_version: z.int(),
    timestamp: timestamp,
    uptime: z.number(),
    health_report_interval: HealthReportInterval,
    health_data: HealthData,
  })
  .meta({ id: 'HealthReport' });
export type HealthReport = z.output<typeof HealthReport>;

/** Part of `IntegrationReportedStatus`. */
export const IntegrationHealthState = z.enum(['healthy', 'unhealthy']).meta({ id: 'IntegrationHealthState' });
export type IntegrationHealthState = z.output<typeof IntegrationHealthState>;

/** Part of `IntegrationSummary`. */
export const IntegrationReportedStatus = z
  .object({
    state: IntegrationHealthState.optional(),
    reason: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'IntegrationReportedStatus' });
export type IntegrationReportedStatus = z.output<typeof IntegrationReportedStatus>;

/** Part of `IntegrationStatus`. */
export const IntegrationLifecycleState = z
  .enum(['active', 'registered', 'inactive'])
  .meta({ id: 'IntegrationLifecycleState' });
export type IntegrationLifecycleState = z.output<typeof IntegrationLifecycleState>;

/** Part of `IntegrationSummary`. */
export const IntegrationStatus = z
  .object({
    state: IntegrationLifecycleState.optional(),
    reason: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    updated_at: timestamp.optional(),
  })
  .meta({ id: 'IntegrationStatus' });
export type IntegrationStatus = z.output<typeof IntegrationStatus>;

/** Part of `Integration`, `IntegrationSummaryList`. */
export const IntegrationSummary = z
  .object({
    uuid: z.guid().optional(),
    type: IntegrationType.optional(),
    name: z.string().optional(),
    version: z.string().optional(),
    reported_status: IntegrationReportedStatus.optional(),
    integration_status: IntegrationStatus.optional(),
    last_seen: timestamp.optional().meta({ readOnly: true }),
    uptime: z.number().optional(),
    account_name: z.string().optional(),
    username: z.string().optional(),
    explicitly_account_bound: z.array(z.string()).optional(),
    accounts: z.array(z.string()).optional(),
    cluster_name: z.string().optional(),
    namespace: z.string().optional(),
    health_report_interval: HealthReportInterval.optional(),
    registration_id: z.string().optional(),
    registration_instance_id: z.string().optional(),
  })
  .meta({ id: 'IntegrationSummary' });
export type IntegrationSummary = z.output<typeof IntegrationSummary>;

/** Part of `Integration`. */
export const IntegrationAdditionalProperties = z
  .object({
    description: z.string().optional(),
    started_at: timestamp.optional(),
    namespaces: z.array(z.string()).optional(),
    configuration: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'IntegrationAdditionalProperties' });
export type IntegrationAdditionalProperties = z.output<typeof IntegrationAdditionalProperties>;

/** Answer of `get_integration_by_id`, `register_integration`. */
export const Integration = IntegrationSummary.extend(IntegrationAdditionalProperties.shape)
  .required({ uuid: true, type: true, account_name: true, username: true })
  .meta({ id: 'Integration' });
export type Integration = z.output<typeof Integration>;

/** Body of `register_integration`. */
export const IntegrationRegister = z
  .object({
    registration_id: z.string(),
    registration_instance_id: z.string(),
    type: IntegrationType,
    name: z.string().nullish(),
    description: z.string().nullish(),
    version: z.string().nullish(),
    started_at: timestamp.nullish(),
    uptime: z.number().nullish(),
    username: z.string(),
    explicitly_account_bound: z.array(z.string()).nullish(),
    namespaces: z.array(z.string()).nullish(),
    configuration: z.record(z.string(), z.unknown()).nullish(),
    cluster_name: z.string().nullish(),
    namespace: z.string().nullish(),
    health_report_interval: HealthReportInterval,
  })
  .meta({ id: 'IntegrationRegister' });
export type IntegrationRegister = z.output<typeof IntegrationRegister>;

/** Part of `IntegrationListResponse`. */
export const IntegrationSummaryList = z.array(IntegrationSummary).meta({ id: 'IntegrationSummaryList' });
export type IntegrationSummaryList = z.output<typeof IntegrationSummaryList>;

/** Answer of `list_integrations`. */
export const IntegrationListResponse = z
  .object({
    items: IntegrationSummaryList.optional(),
  })
  .meta({ id: 'IntegrationListResponse' });
export type IntegrationListResponse = z.output<typeof IntegrationListResponse>;

/** Operations of integrations. */
export const integrationsOperations = {
  /** Handle health report. */
  handle_health_report: defineOperation({
    id: 'handle_health_report',
    method: 'POST',
    path: '/system/integrations/{integration_uuid}/health-report',
    tag: 'Integrations',
    summary: 'Handle health report',
    permission: { action: 'reportHealth', domain: 'account' },
    params: z.object({ integration_uuid: UUID }),
    body: HealthReport,
    success: { status: 201, schema: null },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Read integration by id. */
  get_integration_by_id: defineOperation({
    id: 'get_integration_by_id',
    method: 'GET',
    path: '/system/integrations/{integration_uuid}',
    tag: 'Integrations',
    summary: 'Read integration by id',
    permission: { action: 'getIntegration', domain: 'account' },
    params: z.object({ integration_uuid: UUID }),
    success: { status: 200, schema: Integration },
    errors: [400, 403, 404, 500],
  }),
  /** Delete integration. */
  delete_integration: defineOperation({
    id: 'delete_integration',
    method: 'DELETE',
    path: '/system/integrations/{integration_uuid}',
    tag: 'Integrations',
    summary: 'Delete integration',
    permission: { action: 'deleteIntegration', domain: 'account' },
    params: z.object({ integration_uuid: UUID }),
    query: z.object({
      force: queryBoolean().default(false),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Register integration. */
  register_integration: defineOperation({
    id: 'register_integration',
    method: 'POST',
    path: '/system/integrations/registration',
    tag: 'Integrations',
    summary: 'Register integration',
    permission: { action: 'registerIntegration', domain: 'account' },
    body: IntegrationRegister,
    success: { status: 200, schema: Integration },
    /** The first time. */
    otherSuccess: [201],
    errors: [400, 403, 409, 415, 500],
  }),
  /** List integrations. */
  list_integrations: defineOperation({
    id: 'list_integrations',
    method: 'GET',
    path: '/system/integrations',
    tag: 'Integrations',
    summary: 'List integrations',
    permission: { action: 'listIntegrations', domain: 'account' },
    query: z.object({
      only_degraded: queryBoolean().default(false),
    }),
    success: { status: 200, schema: IntegrationListResponse },
    errors: [400, 403, 500],
  }),
};
