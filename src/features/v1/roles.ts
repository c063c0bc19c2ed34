import type { RbacManagerRoleMembership } from '#contract/rbac.ts';
import { v1RoleOperations, v1SamlOperations } from '#contract/v1/enterprise.ts';
import { v1NotificationOperations } from '#contract/v1/notifications.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated, type V1Handlers } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of roles. The second generation still takes the old name of a domain, `for_account`. */
export function v1RoleRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1RoleOperations,
    {
      list_roles: same,
      get_role: same,
      list_role_members: translated((members) => members.map(ofAccount)),
      add_role_user: translated(ofAccount),
      delete_role_user: same,
      list_user_roles: translated(byRole),
      my_roles: translated((roles) => roles.map(ofAccount)),
    },
    v2,
  );
}

/** Routes of single sign-on. */
export function v1SamlRoutes(v2: SecondGeneration): BoundOperation[] {
  const handlers = Object.fromEntries(Object.keys(v1SamlOperations).map((name) => [name, same]));
  return bindV1(v1SamlOperations, handlers as V1Handlers<typeof v1SamlOperations>, v2);
}

/** One entry per role, with all its domains. */
function byRole(memberships: readonly RbacManagerRoleMembership[]) {
  const found = new Map<string, { role: string; for_account: string[]; created_at?: string | undefined }>();
  for (const { role = '', for_account, domain_name, created_at } of memberships) {
    const entry = found.get(role) ?? { role, for_account: [], created_at };
    entry.for_account.push(domain_name ?? String(for_account));
    found.set(role, entry);
  }
  return [...found.values()];
}

function ofAccount<T extends { domain_name?: unknown; for_account?: unknown }>({ domain_name, ...rest }: T) {
  return { ...rest, for_account: rest.for_account ?? domain_name };
}

/** Routes of notification endpoints. */
export function v1NotificationRoutes(v2: SecondGeneration): BoundOperation[] {
  const handlers = Object.fromEntries(Object.keys(v1NotificationOperations).map((name) => [name, same]));
  return bindV1(v1NotificationOperations, handlers, v2);
}
