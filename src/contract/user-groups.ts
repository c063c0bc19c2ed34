import { z } from 'zod';
import { queryList, timestamp } from './fields.ts';
import { UserGroup, UserGroupList, UserGroupRoles } from './identity.ts';
import { defineOperation } from './operation.ts';

/** Body of `create_user_group`. */
export const UserGroupPost = z
  .object({
    name: z.string().regex(/^[a-zA-Z0-9][ a-zA-Z0-9@.!#$+=^_`~;-]{1,126}[a-zA-Z0-9_]$/),
    description: z.string().optional(),
  })
  .meta({ id: 'UserGroupPost' });
export type UserGroupPost = z.output<typeof UserGroupPost>;

/** Body of `add_user_group_roles`. */
export const UserGroupRolePost = z
  .object({
    for_account: z.string().optional().meta({ deprecated: true }),
    domain_name: z.string().optional(),
    roles: z.array(
      z.object({
        role: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'UserGroupRolePost' });
export type UserGroupRolePost = z.output<typeof UserGroupRolePost>;

/** Part of `UserGroupUsers`. */
export const UserGroupUser = z
  .object({
    username: z.string(),
    added_on: timestamp.optional(),
  })
  .meta({ id: 'UserGroupUser' });
export type UserGroupUser = z.output<typeof UserGroupUser>;

/** Answer of `list_user_group_users`, `add_user_group_users`. */
export const UserGroupUsers = z
  .object({
    items: z.array(UserGroupUser).optional(),
  })
  .meta({ id: 'UserGroupUsers' });
export type UserGroupUsers = z.output<typeof UserGroupUsers>;

/** Body of `add_user_group_users`. */
export const UserGroupUsersPost = z
  .object({
    usernames: z.array(
      z.object({
        username: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'UserGroupUsersPost' });
export type UserGroupUsersPost = z.output<typeof UserGroupUsersPost>;

/** Body of `update_user_group`. */
export const UserGroupPatch = z
  .object({
    description: z.string(),
  })
  .meta({ id: 'UserGroupPatch' });
export type UserGroupPatch = z.output<typeof UserGroupPatch>;

/** Operations of user groups. */
export const userGroupsOperations = {
  /** List user groups. */
  list_user_groups: defineOperation({
    id: 'list_user_groups',
    method: 'GET',
    path: '/system/user-groups',
    tag: 'User Management',
    summary: 'List user groups',
    permission: { action: 'listUserGroups', domain: 'system' },
    query: z.object({
      contains_user: z.string().optional(),
      user_group_name: z.string().optional(),
      contains_account: z.string().optional(),
    }),
    success: { status: 200, schema: UserGroupList },
    errors: [400, 403, 500],
  }),
  /** Create a user group. */
  create_user_group: defineOperation({
    id: 'create_user_group',
    method: 'POST',
    path: '/system/user-groups',
    tag: 'User Management',
    summary: 'Create a user group',
    permission: { action: 'createUserGroup', domain: 'system' },
    body: UserGroupPost,
    success: { status: 201, schema: UserGroup },
    errors: [400, 403, 409, 415, 500],
  }),
  /** List user group roles. */
  list_user_group_roles: defineOperation({
    id: 'list_user_group_roles',
    method: 'GET',
    path: '/system/user-groups/{group_uuid}/roles',
    tag: 'User Management',
    summary: 'List user group roles',
    permission: { action: 'getUserGroupRoles', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    success: { status: 200, schema: UserGroupRoles },
    errors: [404],
  }),
  /** Add user group roles. */
  add_user_group_roles: defineOperation({
    id: 'add_user_group_roles',
    method: 'POST',
    path: '/system/user-groups/{group_uuid}/roles',
    tag: 'User Management',
    summary: 'Add user group roles',
    permission: { action: 'addUserGroupRole', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    body: UserGroupRolePost,
    success: { status: 201, schema: UserGroupRoles },
    errors: [403, 404, 500],
  }),
  /** Delete user group role. */
  delete_user_group_role: defineOperation({
    id: 'delete_user_group_role',
    method: 'DELETE',
    path: '/system/user-groups/{group_uuid}/roles',
    tag: 'User Management',
    summary: 'Delete user group role',
    permission: { action: 'deleteUserGroupRole', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    query: z.object({
      membership_id: queryList(z.string(), { repeated: true }).optional(),
      all_roles_for_account: queryList(z.string()).optional(),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** List user group users. */
  list_user_group_users: defineOperation({
    id: 'list_user_group_users',
    method: 'GET',
    path: '/system/user-groups/{group_uuid}/users',
    tag: 'User Management',
    summary: 'List user group users',
    permission: { action: 'getUserGroupUsers', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    success: { status: 200, schema: UserGroupUsers },
    errors: [403, 404, 500],
  }),
  /** Add user group users. */
  add_user_group_users: defineOperation({
    id: 'add_user_group_users',
    method: 'POST',
    path: '/system/user-groups/{group_uuid}/users',
    tag: 'User Management',
    summary: 'Add user group users',
    permission: { action: 'addUserGroupUser', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    body: UserGroupUsersPost,
    success: { status: 201, schema: UserGroupUsers },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete user group users. */
  delete_user_group_users: defineOperation({
    id: 'delete_user_group_users',
    method: 'DELETE',
    path: '/system/user-groups/{group_uuid}/users',
    tag: 'User Management',
    summary: 'Delete user group users',
    permission: { action: 'deleteUserGroupUser', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    query: z.object({
      username: queryList(z.string(), { repeated: true }),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Read a user group. */
  get_user_group: defineOperation({
    id: 'get_user_group',
    method: 'GET',
    path: '/system/user-groups/{group_uuid}',
    tag: 'User Management',
    summary: 'Read a user group',
    permission: { action: 'getUserGroup', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    success: { status: 200, schema: UserGroup },
    errors: [403, 404, 500],
  }),
  /** Change the description of a user group. */
  update_user_group: defineOperation({
    id: 'update_user_group',
    method: 'PATCH',
    path: '/system/user-groups/{group_uuid}',
    tag: 'User Management',
    summary: 'Change the description of a user group',
    permission: { action: 'updateUserGroup', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    body: UserGroupPatch,
    success: { status: 200, schema: UserGroup },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Delete a user group. */
  delete_user_group: defineOperation({
    id: 'delete_user_group',
    method: 'DELETE',
    path: '/system/user-groups/{group_uuid}',
    tag: 'User Management',
    summary: 'Delete a user group',
    permission: { action: 'deleteUserGroup', domain: 'system' },
    params: z.object({ group_uuid: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};
