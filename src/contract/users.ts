import { z } from 'zod';
import { oneOfFields } from './fields.ts';
import { AccessCredential, ApiKeyList, CredentialList, User, UserApiKey } from './identity.ts';
import { defineOperation } from './operation.ts';

/** Answer of `list_all_system_users`, `list_users_with_roles`. */
export const Users = z
  .object({
    items: z.array(User).optional(),
    total_rows: z.int().optional(),
  })
  .meta({ id: 'Users' });
export type Users = z.output<typeof Users>;

/** Body of `create_user`. */
export const UserCreationRequest = z
  .object({
    username: z.string().regex(/^[a-zA-Z0-9][ a-zA-Z0-9@.!#$+=^_`~;:-]{1,126}[a-zA-Z0-9_]$/),
    password: z
      .string()
      .regex(/.{6,128}$/)
      .optional(),
    user_type: z.enum(['native', 'saml']).optional(),
    idp_name: z.string().optional(),
  })
  .meta({ id: 'UserCreationRequest' });
export type UserCreationRequest = z.output<typeof UserCreationRequest>;

/** Operations of users. */
export const usersOperations = {
  /** List the users of every account. */
  list_all_system_users: defineOperation({
    id: 'list_all_system_users',
    method: 'GET',
    path: '/accounts/users',
    tag: 'User Management',
    summary: 'List the users of every account',
    permission: { action: 'listAllUsers', domain: 'system' },
    success: { status: 200, schema: Users },
    errors: [403, 500],
  }),
  /** List the users of an account. */
  list_users: defineOperation({
    id: 'list_users',
    method: 'GET',
    path: '/accounts/{account_name}/users',
    tag: 'User Management',
    summary: 'List the users of an account',
    permission: { action: 'listUsers', domain: 'path' },
    params: z.object({ account_name: z.string() }),
    success: { status: 200, schema: z.array(User) },
    errors: [403, 404, 500],
  }),
  /** Create a user. */
  create_user: defineOperation({
    id: 'create_user',
    method: 'POST',
    path: '/accounts/{account_name}/users',
    tag: 'User Management',
    summary: 'Create a user',
    permission: { action: 'createUser', domain: 'path' },
    params: z.object({ account_name: z.string() }),
    body: UserCreationRequest,
    success: { status: 200, schema: User },
    errors: [400, 403, 404, 500],
  }),
  /** List everybody who holds a role in the account. */
  list_users_with_roles: defineOperation({
    id: 'list_users_with_roles',
    method: 'GET',
    path: '/accounts/{account_name}/users-with-roles',
    tag: 'User Management',
    summary: 'List everybody who holds a role in the account',
    permission: { action: 'listAccountUsersWithRoles', domain: 'path' },
    params: z.object({ account_name: z.string() }),
    success: { status: 200, schema: Users },
    errors: [403, 404, 500],
  }),
  /** List user API keys. */
  list_user_api_keys: defineOperation({
    id: 'list_user_api_keys',
    method: 'GET',
    path: '/accounts/{account_name}/users/{username}/api-keys',
    tag: 'User Management',
    summary: 'List user API keys',
    permission: { action: 'listApiKeys', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    success: { status: 200, schema: ApiKeyList },
    errors: [403, 404, 500],
  }),
  /** Create user API key. */
  create_user_api_key: defineOperation({
    id: 'create_user_api_key',
    method: 'POST',
    path: '/accounts/{account_name}/users/{username}/api-keys',
    tag: 'User Management',
    summary: 'Create user API key',
    permission: { action: 'createApiKey', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    body: UserApiKey,
    success: { status: 201, schema: UserApiKey },
    errors: [400, 403, 404, 500],
  }),
  /** Read user API key. */
  get_user_api_key: defineOperation({
    id: 'get_user_api_key',
    method: 'GET',
    path: '/accounts/{account_name}/users/{username}/api-keys/{key_name}',
    tag: 'User Management',
    summary: 'Read user API key',
    permission: { action: 'getApiKey', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string(), key_name: z.string() }),
    success: { status: 200, schema: UserApiKey },
    errors: [403, 404, 500],
  }),
  /** Patch user API key. */
  patch_user_api_key: defineOperation({
    id: 'patch_user_api_key',
    method: 'PATCH',
    path: '/accounts/{account_name}/users/{username}/api-keys/{key_name}',
    tag: 'User Management',
    summary: 'Patch user API key',
    permission: { action: 'updateApiKey', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string(), key_name: z.string() }),
    body: z
      .strictObject({
        description: z.string().optional(),
        name: z.string().optional(),
        status: z.enum(['revoked']).optional(),
      })
      .refine(...oneOfFields('name', 'description', 'status')),
    success: { status: 200, schema: UserApiKey },
    errors: [400, 403, 404, 500],
  }),
  /** Delete user API key. */
  delete_user_api_key: defineOperation({
    id: 'delete_user_api_key',
    method: 'DELETE',
    path: '/accounts/{account_name}/users/{username}/api-keys/{key_name}',
    tag: 'User Management',
    summary: 'Delete user API key',
    permission: { action: 'deleteApiKey', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string(), key_name: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** List user credentials. */
  list_user_credentials: defineOperation({
    id: 'list_user_credentials',
    method: 'GET',
    path: '/accounts/{account_name}/users/{username}/credentials',
    tag: 'User Management',
    summary: 'List user credentials',
    permission: { action: 'getUser', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    success: { status: 200, schema: CredentialList },
    errors: [403, 404, 500],
  }),
  /** Create user credential. */
  create_user_credential: defineOperation({
    id: 'create_user_credential',
    method: 'POST',
    path: '/accounts/{account_name}/users/{username}/credentials',
    tag: 'User Management',
    summary: 'Create user credential',
    permission: { action: 'updateUser', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    body: AccessCredential,
    success: { status: 200, schema: AccessCredential },
    errors: [400, 403, 404, 500],
  }),
  /** Delete user credential. */
  delete_user_credential: defineOperation({
    id: 'delete_user_credential',
    method: 'DELETE',
    path: '/accounts/{account_name}/users/{username}/credentials',
    tag: 'User Management',
    summary: 'Delete user credential',
    permission: { action: 'updateUser', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    query: z.object({
      credential_type: z.enum(['password']),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Read a user. */
  get_account_user: defineOperation({
    id: 'get_account_user',
    method: 'GET',
    path: '/accounts/{account_name}/users/{username}',
    tag: 'User Management',
    summary: 'Read a user',
    permission: { action: 'getUser', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    success: { status: 200, schema: User },
    errors: [403, 404, 500],
  }),
  /** Delete a user. */
  delete_user: defineOperation({
    id: 'delete_user',
    method: 'DELETE',
    path: '/accounts/{account_name}/users/{username}',
    tag: 'User Management',
    summary: 'Delete a user',
    permission: { action: 'deleteUser', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};
