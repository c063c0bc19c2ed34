import { z } from 'zod';
import { timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `SystemConfigurationSchema`, `SystemConfiguration`, `SystemConfigurationPatch` and others. */
export const SystemConfigurationValue = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.union([z.string(), z.int(), z.record(z.string(), z.unknown())])),
  ])
  .nullable()
  .meta({ id: 'SystemConfigurationValue' });
export type SystemConfigurationValue = z.output<typeof SystemConfigurationValue>;

/** Part of `SystemConfiguration`. */
export const SystemConfigurationSchema = z
  .object({
    allow_inf_nan: z.boolean().nullish(),
    decimal_places: z.int().nullish(),
    data_type: z.enum(['string', 'integer', 'number', 'boolean', 'string_enum']).nullish(),
    default_value: SystemConfigurationValue.optional(),
    enum: z.array(z.string()).nullish(),
    ge: z.number().nullish(),
    gt: z.number().nullish(),
    is_array: z.boolean().nullish(),
    le: z.number().nullish(),
    lt: z.number().nullish(),
    max_digits: z.int().nullish(),
    max_items: z.int().nullish(),
    max_length: z.int().nullish(),
    min_items: z.int().nullish(),
    min_length: z.int().nullish(),
    multiple_of: z.number().nullish(),
    regex: z.string().nullish(),
    unique_items: z.boolean().nullish(),
  })
  .meta({ id: 'SystemConfigurationSchema' });
export type SystemConfigurationSchema = z.output<typeof SystemConfigurationSchema>;

/** A setting with its value, where the value comes from and whether the API may change it. */
export const SystemConfiguration = z
  .object({
    uuid: z.string().optional().meta({ readOnly: true }),
    key: z.string(),
    value: SystemConfigurationValue,
    requires_system_restart: z.boolean().optional(),
    category: z.string().optional(),
    config_schema: SystemConfigurationSchema.optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    default_value: SystemConfigurationValue.optional(),
    source: z.enum(['default', 'inherited_default', 'api', 'config_file']).optional(),
    is_editable: z.boolean().optional(),
    editable_reason: z.string().optional(),
    is_secret: z.boolean().optional(),
    is_deprecated: z.boolean().optional(),
    deprecated_reason: z.string().optional(),
    is_system_internal: z.boolean().optional(),
    created_at: timestamp.optional().meta({ readOnly: true }),
    updated_at: timestamp.optional().meta({ readOnly: true }),
  })
  .meta({ id: 'SystemConfiguration' });
export type SystemConfiguration = z.output<typeof SystemConfiguration>;

/** Answer of `list_configurations`, `patch_configuration`. */
export const SystemConfigurationList = z
  .object({
    items: z.array(SystemConfiguration).optional(),
  })
  .meta({ id: 'SystemConfigurationList' });
export type SystemConfigurationList = z.output<typeof SystemConfigurationList>;

/** Body of `patch_configuration`. */
export const SystemConfigurationPatch = z
  .array(
    z.object({
      key: z.string(),
      value: SystemConfigurationValue,
    }),
  )
  .meta({ id: 'SystemConfigurationPatch' });
export type SystemConfigurationPatch = z.output<typeof SystemConfigurationPatch>;

/** Body of `put_configuration`. */
export const SystemConfigurationPut = z
  .object({
    key: z.string(),
    value: SystemConfigurationValue,
  })
  .meta({ id: 'SystemConfigurationPut' });
export type SystemConfigurationPut = z.output<typeof SystemConfigurationPut>;

/** Operations of configurations. */
export const configurationsOperations = {
  /** List the settings with their types and bounds. */
  get_configuration_schema: defineOperation({
    id: 'get_configuration_schema',
    method: 'GET',
    path: '/system/configurations/schema',
    tag: 'System Configuration',
    summary: 'List the settings with their types and bounds',
    permission: { action: 'getSystemConfig', domain: 'system' },
    success: { status: 200, schema: z.record(z.string(), z.unknown()) },
    errors: [403, 500],
  }),
  /** List settings with value and source. */
  list_configurations: defineOperation({
    id: 'list_configurations',
    method: 'GET',
    path: '/system/configurations',
    tag: 'System Configuration',
    summary: 'List settings with value and source',
    permission: { action: 'getSystemConfig', domain: 'system' },
    success: { status: 200, schema: SystemConfigurationList },
    errors: [403, 500],
  }),
  /** Change several settings, all or none. */
  patch_configuration: defineOperation({
    id: 'patch_configuration',
    method: 'PATCH',
    path: '/system/configurations',
    tag: 'System Configuration',
    summary: 'Change several settings, all or none',
    permission: { action: 'updateSystemConfig', domain: 'system' },
    body: SystemConfigurationPatch,
    success: { status: 200, schema: SystemConfigurationList },
    errors: [400, 403, 409, 415, 500],
  }),
  /** Read a setting. */
  get_configuration: defineOperation({
    id: 'get_configuration',
    method: 'GET',
    path: '/system/configurations/{config_key}',
    tag: 'System Configuration',
    summary: 'Read a setting',
    permission: { action: 'getSystemConfig', domain: 'system' },
    params: z.object({ config_key: z.string() }),
    success: { status: 200, schema: SystemConfiguration },
    errors: [400, 403, 404, 500],
  }),
  /** Change one setting. */
  put_configuration: defineOperation({
    id: 'put_configuration',
    method: 'PUT',
    path: '/system/configurations/{config_key}',
    tag: 'System Configuration',
    summary: 'Change one setting',
    permission: { action: 'updateSystemConfig', domain: 'system' },
    params: z.object({ config_key: z.string() }),
    body: SystemConfigurationPut,
    success: { status: 200, schema: SystemConfiguration },
    errors: [400, 403, 404, 409, 415, 500],
  }),
  /** Put a setting back to its default. */
  delete_configuration: defineOperation({
    id: 'delete_configuration',
    method: 'DELETE',
    path: '/system/configurations/{config_key}',
    tag: 'System Configuration',
    summary: 'Put a setting back to its default',
    permission: { action: 'unsetSystemConfig', domain: 'system' },
    params: z.object({ config_key: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};
