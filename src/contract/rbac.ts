import { z } from 'zod';
import { oneOfFields, timestamp } from './fields.ts';
import { Account } from './identity.ts';
import { defineOperation } from './operation.ts';

/** Part of `RbacManagerPermissionList`. */
export const RbacManagerPermission = z
  .object({
    action: z.string().optional(),
    target: z.string().optional(),
  })
  .meta({ id: 'RbacManagerPermission' });
export type RbacManagerPermission = z.output<typeof RbacManagerPermission>;

/** Part of `RbacManagerRole`. */
export const RbacManagerPermissionList = z.array(RbacManagerPermission).meta({ id: 'RbacManagerPermissionList' });
export type RbacManagerPermissionList = z.output<typeof RbacManagerPermissionList>;

/** Answer of `get_role`. */
export const RbacManagerRole = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    permissions: RbacManagerPermissionList.optional(),
    immutable: z.boolean().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'RbacManagerRole' });
export type RbacManagerRole = z.output<typeof RbacManagerRole>;

/** Part of `RbacManagerUserRoleListing`. */
export const RbacManagerAccountRole = z
  .object({
    for_account: z.string().optional().meta({ deprecated: true }),
    domain_name: z.string().optional(),
    roles: RbacManagerRole.optional(),
    account: Account.optional(),
  })
  .meta({ id: 'RbacManagerAccountRole' });
export type RbacManagerAccountRole = z.output<typeof RbacManagerAccountRole>;

/** Answer of `my_roles`. */
export const RbacManagerUserRoleListing = z.array(RbacManagerAccountRole).meta({ id: 'RbacManagerUserRoleListing' });
export type RbacManagerUserRoleListing = z.output<typeof RbacManagerUserRoleListing>;

/** Part of `RbacManagerRoleSummaryList`. */
export const RbacManagerRoleSummary = z
  .object({
    name: z.string().optional(),
    description: z.string().optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'RbacManagerRoleSummary' });
export type RbacManagerRoleSummary = z.output<typeof RbacManagerRoleSummary>;

/** Answer of `list_roles`. */
export const RbacManagerRoleSummaryList = z.array(RbacManagerRoleSummary).meta({ id: 'RbacManagerRoleSummaryList' });
export type RbacManagerRoleSummaryList = z.output<typeof RbacManagerRoleSummaryList>;

/** A user who holds a role in an account, named by either of the two domain fields. */
export const RbacManagerRoleMember = z
  .object({
    username: z.string(),
    for_account: z.string().optional().meta({ deprecated: true }),
    domain_name: z.string().optional(),
    created_at: timestamp.optional(),
  })
  .refine(...oneOfFields('for_account', 'domain_name'))
  .meta({ id: 'RbacManagerRoleMember' });
export type RbacManagerRoleMember = z.output<typeof RbacManagerRoleMember>;

/** Answer of `list_role_members`. */
export const RbacManagerRoleMemberList = z.array(RbacManagerRoleMember).meta({ id: 'RbacManagerRoleMemberList' });
export type RbacManagerRoleMemberList = z.output<typeof RbacManagerRoleMemberList>;

/** Part of `RbacManagerUserRoleMembership`. */
export const RbacManagerRoleMembership = z
  .object({
    role: z.string().optional(),
    for_account: z.string().optional().meta({ deprecated: true }),
    domain_name: z.string().optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'RbacManagerRoleMembership' });
export type RbacManagerRoleMembership = z.output<typeof RbacManagerRoleMembership>;

/** Answer of `list_user_roles`. */
export const RbacManagerUserRoleMembership = z
  .array(RbacManagerRoleMembership)
  .meta({ id: 'RbacManagerUserRoleMembership' });
export type RbacManagerUserRoleMembership = z.output<typeof RbacManagerUserRoleMembership>;

/** Operations of rbac. */
export const rbacOperations = {
  /** List the roles of the calling user. */
  my_roles: defineOperation({
    id: 'my_roles',
    method: 'GET',
    path: '/rbac-manager/my-roles',
    tag: 'RBAC',
    summary: 'List the roles of the calling user',
    permission: 'authenticated',
    success: { status: 200, schema: RbacManagerUserRoleListing },
    errors: [500],
  }),
  /** List roles. */
  list_roles: defineOperation({
    id: 'list_roles',
    method: 'GET',
    path: '/rbac-manager/roles',
    tag: 'RBAC',
    summary: 'List roles',
    permission: { action: 'listRoles', domain: 'account' },
    success: { status: 200, schema: RbacManagerRoleSummaryList },
    errors: [403, 500],
  }),
  /** List who holds a role in an account. */
  list_role_members: defineOperation({
    id: 'list_role_members',
    method: 'GET',
    path: '/rbac-manager/roles/{role_name}/members',
    tag: 'RBAC',
    summary: 'List who holds a role in an account',
    permission: { action: 'listRoleMembers', domain: 'request' },
    params: z.object({ role_name: z.string() }),
    query: z.object({
      for_account: z.string().optional(),
      domain_name: z.string().optional(),
    }),
    success: { status: 200, schema: RbacManagerRoleMemberList },
    errors: [403, 404, 500],
  }),
  /** Give a user a role in an account. */
  add_role_user: defineOperation({
    id: 'add_role_user',
    method: 'POST',
    path: '/rbac-manager/roles/{role_name}/members',
    tag: 'RBAC',
    summary: 'Give a user a role in an account',
    permission: { action: 'createRoleMember', domain: 'request' },
    params: z.object({ role_name: z.string() }),
    body: RbacManagerRoleMember,
    success: { status: 200, schema: RbacManagerRoleMember },
    errors: [400, 403, 404, 415, 500],
  }),
  /** Take a role in an account from a user. */
  delete_role_user: defineOperation({
    id: 'delete_role_user',
    method: 'DELETE',
    path: '/rbac-manager/roles/{role_name}/members',
    tag: 'RBAC',
    summary: 'Take a role in an account from a user',
    permission: { action: 'deleteRoleMember', domain: 'request' },
    params: z.object({ role_name: z.string() }),
    query: z.object({
      username: z.string(),
      for_account: z.string().optional(),
      domain_name: z.string().optional(),
    }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** Read a role with its permissions. */
  get_role: defineOperation({
    id: 'get_role',
    method: 'GET',
    path: '/rbac-manager/roles/{role_name}',
    tag: 'RBAC',
    summary: 'Read a role with its permissions',
    permission: { action: 'getRole', domain: 'account' },
    params: z.object({ role_name: z.string() }),
    success: { status: 200, schema: RbacManagerRole },
    errors: [403, 404, 500],
  }),
  /** List the roles of a user. */
  list_user_roles: defineOperation({
    id: 'list_user_roles',
    method: 'GET',
    path: '/rbac-manager/users/{username}/roles',
    tag: 'RBAC',
    summary: 'List the roles of a user',
    permission: 'authenticated',
    params: z.object({ username: z.string() }),
    query: z.object({
      for_account: z.string().optional(),
      domain_name: z.string().optional(),
      role: z.string().optional(),
    }),
    success: { status: 200, schema: RbacManagerUserRoleMembership },
    errors: [404, 500],
  }),
};
