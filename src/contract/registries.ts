import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `RegistryConfigurationList`. */
export const RegistryConfiguration = z
  .object({
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    registry_user: z.string().optional(),
    registry_type: z.string().optional(),
    account_name: z.string().optional(),
    registry: z.string().optional(),
    registry_name: z.string().optional(),
    registry_verify: z.boolean().optional(),
  })
  .meta({ id: 'RegistryConfiguration' });
export type RegistryConfiguration = z.output<typeof RegistryConfiguration>;

/** Answer of `list_registries`, `create_registry`, `get_registry` and others. */
export const RegistryConfigurationList = z.array(RegistryConfiguration).meta({ id: 'RegistryConfigurationList' });
export type RegistryConfigurationList = z.output<typeof RegistryConfigurationList>;

/** Body of `create_registry`, `update_registry`. */
export const RegistryConfigurationRequest = z
  .object({
    registry_user: z.string().optional(),
    registry_pass: z.string().optional(),
    registry_type: z.string().optional(),
    registry: z.string().optional(),
    registry_name: z.string().optional(),
    registry_verify: z.boolean().optional(),
  })
  .meta({ id: 'RegistryConfigurationRequest' });
export type RegistryConfigurationRequest = z.output<typeof RegistryConfigurationRequest>;

/** Operations of registries. */
export const registriesOperations = {
  /** List registries. */
  list_registries: defineOperation({
    id: 'list_registries',
    method: 'GET',
    path: '/registries',
    tag: 'Registries',
    summary: 'List registries',
    permission: { action: 'listRegistries', domain: 'account' },
    success: { status: 200, schema: RegistryConfigurationList },
    errors: [403, 500],
  }),
  /** Store credentials of a registry. */
  create_registry: defineOperation({
    id: 'create_registry',
    method: 'POST',
    path: '/registries',
    tag: 'Registries',
    summary: 'Store credentials of a registry',
    permission: { action: 'createRegistry', domain: 'account' },
    query: z.object({
      validate: queryBoolean().optional(),
    }),
    body: RegistryConfigurationRequest,
    success: { status: 200, schema: RegistryConfigurationList },
    errors: [400, 403, 415, 500],
  }),
  /** Read a registry without its secrets. */
  get_registry: defineOperation({
    id: 'get_registry',
    method: 'GET',
    path: '/registries/{registry}',
    greedy: 'registry',
    tag: 'Registries',
    summary: 'Read a registry without its secrets',
    permission: { action: 'getRegistry', domain: 'account' },
    params: z.object({ registry: z.string() }),
    success: { status: 200, schema: RegistryConfigurationList },
    errors: [403, 404, 500],
  }),
  /** Replace credentials of a registry. */
  update_registry: defineOperation({
    id: 'update_registry',
    method: 'PUT',
    path: '/registries/{registry}',
    greedy: 'registry',
    tag: 'Registries',
    summary: 'Replace credentials of a registry',
    permission: { action: 'updateRegistry', domain: 'account' },
    params: z.object({ registry: z.string() }),
    query: z.object({
      validate: queryBoolean().optional(),
    }),
    body: RegistryConfigurationRequest,
    success: { status: 200, schema: RegistryConfigurationList },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete a registry. */
  delete_registry: defineOperation({
    id: 'delete_registry',
    method: 'DELETE',
    path: '/registries/{registry}',
    greedy: 'registry',
    tag: 'Registries',
    summary: 'Delete a registry',
    permission: { action: 'deleteRegistry', domain: 'account' },
    params: z.object({ registry: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 415, 500],
  }),
};
