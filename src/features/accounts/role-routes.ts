import { rbacOperations } from '#contract/rbac.ts';
import { userGroupsOperations } from '#contract/user-groups.ts';
import { ROLES } from '#platform/auth/roles.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { bindOperations } from '#platform/http/index.ts';
import { badRequest } from '#shared/errors.ts';
import { presentRole } from './presentation.ts';
import { type RoleService, requireRole } from './role-service.ts';
import type { UserGroupService } from './user-group-service.ts';

/** Routes of roles and their members. */
export function roleRoutes(roles: RoleService): BoundOperation[] {
  return bindOperations(rbacOperations, {
    my_roles: ({ actor }) => roles.mine(actor),
    list_roles: () =>
      ROLES.map(presentRole).map(({ name, description, created_at }) => ({ name, description, created_at })),
    get_role: ({ params }) => presentRole(requireRole(params.role_name)),
    list_role_members: ({ actor, params, query }) => roles.members(actor, params.role_name, query),
    add_role_user: ({ actor, params, body }) => roles.add(actor, params.role_name, body.username, body),
    delete_role_user: ({ actor, params, query }) => roles.remove(actor, params.role_name, query.username, query),
    list_user_roles: ({ actor, params, query }) => roles.ofUser(actor, params.username, query),
  });
}

/** Routes of user groups. */
export function userGroupRoutes(groups: UserGroupService): BoundOperation[] {
  return bindOperations(userGroupsOperations, {
    list_user_groups: ({ query }) =>
      groups.list({ name: query.user_group_name, username: query.contains_user, domain: query.contains_account }),
    create_user_group: ({ actor, body }) => groups.create(body.name, body.description, actor.username),
    get_user_group: ({ params }) => groups.get(params.group_uuid),
    update_user_group: ({ actor, params, body }) =>
      groups.describe(params.group_uuid, body.description, actor.username),
    delete_user_group: ({ actor, params }) => groups.remove(params.group_uuid, actor.username),
    list_user_group_users: async ({ params }) => ({ items: await groups.members(params.group_uuid) }),
    add_user_group_users: async ({ actor, params, body }) => ({
      items: await groups.addMembers(
        params.group_uuid,
        body.usernames.map((entry) => required(entry.username, 'username')),
        actor.username,
      ),
    }),
    delete_user_group_users: ({ actor, params, query }) =>
      groups.removeMembers(params.group_uuid, query.username, actor.username),
    list_user_group_roles: async ({ params }) => ({ items: await groups.roles(params.group_uuid) }),
    add_user_group_roles: async ({ actor, params, body }) => ({
      items: await groups.addRoles(
        actor,
        params.group_uuid,
        body,
        body.roles.map((entry) => required(entry.role, 'role')),
      ),
    }),
    delete_user_group_role: ({ actor, params, query }) =>
      groups.removeRoles(
        params.group_uuid,
        query.membership_id ?? [],
        query.all_roles_for_account ?? [],
        actor.username,
      ),
  });
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw badRequest(`'${name}' is a required property`);
  return value;
}
