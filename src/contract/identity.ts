import { z } from 'zod';
import { oneOfFields, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Answer of `get_users_account`, `create_account`, `get_account` and others. */
export const Account = z
  .object({
    name: z.string(),
    type: z.enum(['user', 'admin', 'service']).optional(),
    state: z.enum(['enabled', 'disabled', 'deleting']).optional(),
    email: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'Account' });
export type Account = z.output<typeof Account>;

/** Part of `UserGroupRoles`. */
export const UserGroupRole = z
  .object({
    for_account: z.string().meta({ deprecated: true }),
    domain_name: z.string().optional(),
    roles: z.array(
      z.object({
        role: z.string().optional(),
        created_at: timestamp.optional(),
        membership_id: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'UserGroupRole' });
export type UserGroupRole = z.output<typeof UserGroupRole>;

/** Answer of `list_user_group_roles`, `add_user_group_roles`. */
export const UserGroupRoles = z
  .object({
    items: z.array(UserGroupRole).optional(),
  })
  .meta({ id: 'UserGroupRoles' });
export type UserGroupRoles = z.output<typeof UserGroupRoles>;

/** Answer of `create_user_group`, `get_user_group`, `update_user_group`. */
export const UserGroup = z
  .object({
    name: z.string().regex(/^[a-zA-Z0-9][ a-zA-Z0-9@.!#$+=^_`~;-]{1,126}[a-zA-Z0-9_]$/),
    description: z.string().optional(),
    group_uuid: z.string(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    account_roles: UserGroupRoles.optional(),
  })
  .meta({ id: 'UserGroup' });
export type UserGroup = z.output<typeof UserGroup>;

/** Answer of `list_my_user_groups`, `list_user_groups`. */
export const UserGroupList = z.array(UserGroup).meta({ id: 'UserGroupList' });
export type UserGroupList = z.output<typeof UserGroupList>;

/** Part of `User`. */
export const UnifiedRoles = z
  .object({
    role_name: z.string().optional(),
    domain_name: z.string().optional(),
    granter: z.string().optional(),
    grant_type: z.enum(['direct', 'group_membership', 'sso_group_membership']).optional(),
    granted_at: timestamp.optional(),
  })
  .meta({ id: 'UnifiedRoles' });
export type UnifiedRoles = z.output<typeof UnifiedRoles>;

/** Answer of `list_users`, `create_user`, `get_account_user` and others. */
export const User = z
  .object({
    username: z.string(),
    account_name: z.string().optional(),
    type: z.enum(['native', 'saml']).optional(),
    source: z.string().nullish(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
    idp_name: z.string().nullish(),
    password_last_updated: timestamp.nullish(),
    unified_roles: z.array(UnifiedRoles).optional(),
  })
  .meta({ id: 'User' });
export type User = z.output<typeof User>;

/** An API key. `value` is only in the answer that creates it. */
export const UserApiKey = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    expires_at: timestamp.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/),
    created_at: timestamp.optional(),
    updated_at: timestamp.optional(),
    version: z.string().optional(),
    value: z.string().optional(),
    status: z.enum(['active', 'expired', 'revoked']).optional(),
  })
  .meta({ id: 'UserApiKey' });
export type UserApiKey = z.output<typeof UserApiKey>;

/** Answer of `list_user_api_keys`, `list_api_keys`. */
export const ApiKeyList = z
  .object({
    items: z.array(UserApiKey).optional(),
  })
  .meta({ id: 'ApiKeyList' });
export type ApiKeyList = z.output<typeof ApiKeyList>;

/** Body of `create_user_credential`, `add_credential`. */
export const AccessCredential = z
  .object({
    type: z.enum(['password']),
    value: z.string(),
    created_at: z.string().optional(),
  })
  .meta({ id: 'AccessCredential' });
export type AccessCredential = z.output<typeof AccessCredential>;

/** Answer of `list_user_credentials`, `get_credentials`. */
export const CredentialList = z.array(AccessCredential).meta({ id: 'CredentialList' });
export type CredentialList = z.output<typeof CredentialList>;

/** Operations of identity. */
export const identityOperations = {
  /** Read the account that scopes the request. */
  get_users_account: defineOperation({
    id: 'get_users_account',
    method: 'GET',
    path: '/account',
    tag: 'Identity',
    summary: 'Read the account that scopes the request',
    permission: 'authenticated',
    success: { status: 200, schema: Account },
    errors: [500],
  }),
  /** List the groups of the calling user. */
  list_my_user_groups: defineOperation({
    id: 'list_my_user_groups',
    method: 'GET',
    path: '/my-user-groups',
    tag: 'Identity',
    summary: 'List the groups of the calling user',
    permission: 'authenticated',
    success: { status: 200, schema: UserGroupList },
    errors: [500],
  }),
  /** Read the calling user. */
  get_user: defineOperation({
    id: 'get_user',
    method: 'GET',
    path: '/user',
    tag: 'Identity',
    summary: 'Read the calling user',
    permission: 'authenticated',
    success: { status: 200, schema: User },
    errors: [500],
  }),
  /** List own API keys. */
  list_api_keys: defineOperation({
    id: 'list_api_keys',
    method: 'GET',
    path: '/user/api-keys',
    tag: 'Identity',
    summary: 'List own API keys',
    permission: 'authenticated',
    success: { status: 200, schema: ApiKeyList },
    errors: [403, 500],
  }),
  /** Create an API key; the answer holds its value. */
  create_api_key: defineOperation({
    id: 'create_api_key',
    method: 'POST',
    path: '/user/api-keys',
    tag: 'Identity',
    summary: 'Create an API key; the answer holds its value',
    permission: 'authenticated',
    body: UserApiKey,
    success: { status: 201, schema: UserApiKey },
    errors: [400, 403, 415, 500],
  }),
  /** Read an own API key. */
  get_api_key: defineOperation({
    id: 'get_api_key',
    method: 'GET',
    path: '/user/api-keys/{key_name}',
    tag: 'Identity',
    summary: 'Read an own API key',
    permission: 'authenticated',
    params: z.object({ key_name: z.string() }),
    success: { status: 200, schema: UserApiKey },
    errors: [403, 404, 500],
  }),
  /** Rename, describe or revoke an own API key. */
  patch_api_key: defineOperation({
    id: 'patch_api_key',
    method: 'PATCH',
    path: '/user/api-keys/{key_name}',
    tag: 'Identity',
    summary: 'Rename, describe or revoke an own API key',
    permission: 'authenticated',
    params: z.object({ key_name: z.string() }),
    body: z
      .strictObject({
        description: z.string().optional(),
        name: z.string().optional(),
        status: z.enum(['revoked']).optional(),
      })
      .refine(...oneOfFields('name', 'description', 'status')),
    success: { status: 200, schema: UserApiKey },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete an own API key. */
  delete_api_key: defineOperation({
    id: 'delete_api_key',
    method: 'DELETE',
    path: '/user/api-keys/{key_name}',
    tag: 'Identity',
    summary: 'Delete an own API key',
    permission: 'authenticated',
    params: z.object({ key_name: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** List own credentials, masked. */
  get_credentials: defineOperation({
    id: 'get_credentials',
    method: 'GET',
    path: '/user/credentials',
    tag: 'Identity',
    summary: 'List own credentials, masked',
    permission: 'authenticated',
    success: { status: 200, schema: CredentialList },
    errors: [500],
  }),
  /** Replace the own password. */
  add_credential: defineOperation({
    id: 'add_credential',
    method: 'POST',
    path: '/user/credentials',
    tag: 'Identity',
    summary: 'Replace the own password',
    permission: 'authenticated',
    body: AccessCredential,
    success: { status: 200, schema: AccessCredential },
    errors: [400, 415, 500],
  }),
};
