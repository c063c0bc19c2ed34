import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `DeploymentHistoryList`. */
export const DeploymentHistory = z
  .object({
    deployment_id: z.string().optional(),
    upgrade_id: z.string().optional(),
    to_system_version: z.string().optional(),
    from_system_version: z.string().optional(),
    to_database_version: z.string().optional(),
    from_database_version: z.string().optional(),
    outcome: z.string().optional(),
    db_upgrade_duration: z.number().optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'DeploymentHistory' });
export type DeploymentHistory = z.output<typeof DeploymentHistory>;

/** Answer of `get_deployment_history`. */
export const DeploymentHistoryList = z
  .object({
    items: z.array(DeploymentHistory).optional(),
  })
  .meta({ id: 'DeploymentHistoryList' });
export type DeploymentHistoryList = z.output<typeof DeploymentHistoryList>;

/** Part of `SystemResourceLimitsList`. */
export const SystemResourceLimit = z
  .object({
    name: z
      .enum(['sbom_inventory', 'report_inventory', 'report_execution_inventory', 'account_inventory', 'user_inventory'])
      .optional(),
    warning_value: z.int().nullish(),
    limit_value: z.int().nullish(),
    current_value: z.int().optional(),
    limit_exceeded: z.boolean().optional(),
  })
  .meta({ id: 'SystemResourceLimit' });
export type SystemResourceLimit = z.output<typeof SystemResourceLimit>;

/** Answer of `get_resource_limits`. */
export const SystemResourceLimitsList = z
  .object({
    items: z.array(SystemResourceLimit).optional(),
  })
  .meta({ id: 'SystemResourceLimitsList' });
export type SystemResourceLimitsList = z.output<typeof SystemResourceLimitsList>;

/** Part of `SystemStatisticsList`. */
export const SystemStatistics = z
  .object({
    name: z
      .enum([
        'source_analysis',
        'source_inventory',
        'image_analysis',
        'image_inventory',
        'report_generation',
        'policy_evaluation',
        'policy_creation',
        'stateless_sbom_analysis',
        'kubernetes_namespace_creation',
        'kubernetes_image_creation',
        'kubernetes_node_creation',
        'kubernetes_pod_creation',
        'kubernetes_container_creation',
        'ecs_container_creation',
        'ecs_service_creation',
        'ecs_task_creation',
        'ecs_image_creation',
        'account_creation',
        'user_creation',
        'account_creation',
        'policy_inventory',
        'kubernetes_namespace_inventory',
        'kubernetes_node_inventory',
        'kubernetes_pod_inventory',
        'kubernetes_container_inventory',
        'kubernetes_image_inventory',
        'ecs_container_inventory',
        'ecs_image_inventory',
        'ecs_service_inventory',
        'ecs_task_inventory',
        'account_inventory',
        'user_inventory',
        'account_inventory',
        'report_execution_inventory',
        'report_inventory',
        'sbom_imported_analysis',
        'sbom_imported_inventory',
        'sbom_group_creation',
        'sbom_group_inventory',
        'stig_evaluation_inventory',
        'stateless_sbom_evaluation',
      ])
      .optional(),
    description: z.string().optional(),
    value_type: z.string().optional(),
    value: z.int().optional(),
  })
  .meta({ id: 'SystemStatistics' });
export type SystemStatistics = z.output<typeof SystemStatistics>;

/** Answer of `get_system_statistics`. */
export const SystemStatisticsList = z
  .object({
    items: z.array(SystemStatistics).optional(),
  })
  .meta({ id: 'SystemStatisticsList' });
export type SystemStatisticsList = z.output<typeof SystemStatisticsList>;

/** Operations of usage. */
export const usageOperations = {
  /** List the versions that ran here. */
  get_deployment_history: defineOperation({
    id: 'get_deployment_history',
    method: 'GET',
    path: '/system/deployment-history',
    tag: 'catalog',
    summary: 'List the versions that ran here',
    permission: 'authenticated',
    success: { status: 200, schema: DeploymentHistoryList },
    errors: [500],
  }),
  /** Report limits and what is used of them. */
  get_resource_limits: defineOperation({
    id: 'get_resource_limits',
    method: 'GET',
    path: '/system/resource-limits',
    tag: 'System',
    summary: 'Report limits and what is used of them',
    permission: { action: 'getResourceLimits', domain: 'system' },
    success: { status: 200, schema: SystemResourceLimitsList },
    errors: [403, 500],
  }),
  /** Count what the installation holds. */
  get_system_statistics: defineOperation({
    id: 'get_system_statistics',
    method: 'GET',
    path: '/system/statistics',
    tag: 'Statistics',
    summary: 'Count what the installation holds',
    permission: 'authenticated',
    success: { status: 200, schema: SystemStatisticsList },
    errors: [500],
  }),
};
