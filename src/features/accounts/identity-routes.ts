import { identityOperations } from '#contract/identity.ts';
import { readSessionCookie } from '#platform/auth/sessions.ts';
import type { Actor, BoundOperation } from '#platform/http/index.ts';
import { bindOperations } from '#platform/http/index.ts';
import type { AccountRouteServices } from './account-routes.ts';
import type { KeyOwner } from './api-key-service.ts';
import { maskedCredentials, maskedPassword } from './credential-mask.ts';
import { presentAccount, presentUser } from './presentation.ts';
import type { UserGroupService } from './user-group-service.ts';

/** Routes of callers about themselves. */
export function identityRoutes({
  accounts,
  users,
  keys,
  groups,
}: AccountRouteServices & { groups: UserGroupService }): BoundOperation[] {
  return bindOperations(identityOperations, {
    get_users_account: async ({ account }) => presentAccount(await accounts.get(account)),
    list_my_user_groups: ({ actor }) => groups.list({ username: actor.username }),
    get_user: async ({ actor }) => presentUser(await users.get(actor.account, actor.username), 'all'),
    list_api_keys: async ({ actor }) => ({ items: await keys.list(actor.username) }),
    create_api_key: ({ actor, body }) => keys.create(ownerOf(actor), body, actor.username),
    get_api_key: ({ actor, params }) => keys.get(actor.username, params.key_name),
    patch_api_key: ({ actor, params, body }) => keys.change(ownerOf(actor), params.key_name, body, actor.username),
    delete_api_key: ({ actor, params }) => keys.remove(ownerOf(actor), params.key_name, actor.username),
    get_credentials: async ({ actor }) => maskedCredentials(await users.get(actor.account, actor.username)),
    async add_credential({ actor, body, headers }) {
      const keepSession = readSessionCookie(headers.cookie);
      await users.setPassword(actor.account, actor.username, body.value, { by: actor.username, keepSession });
      return maskedPassword(new Date());
    },
  });
}

function ownerOf({ username, account, userType: type }: Actor): KeyOwner {
  return { username, account, type };
}
