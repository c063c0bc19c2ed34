import { identityOperations } from '#contract/identity.ts';
import { readSessionCookie } from '#platform/auth/sessions.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { bindOperations } from '#platform/http/index.ts';
import type { AccountRouteServices } from './account-routes.ts';
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
    create_api_key: ({ actor, body }) => keys.create({ username: actor.username, type: actor.userType }, body),
    get_api_key: ({ actor, params }) => keys.get(actor.username, params.key_name),
    patch_api_key: ({ actor, params, body }) => keys.change(actor.username, params.key_name, body),
    delete_api_key: ({ actor, params }) => keys.remove(actor.username, params.key_name),
    get_credentials: async ({ actor }) => maskedCredentials(await users.get(actor.account, actor.username)),
    async add_credential({ actor, body, headers }) {
      await users.setPassword(actor.account, actor.username, body.value, readSessionCookie(headers.cookie));
      return maskedPassword(new Date());
    },
  });
}
