import { accountsOperations } from '#contract/accounts.ts';
import { usersOperations } from '#contract/users.ts';
import { windlassIdentityOperations } from '#contract/windlass-identity.ts';
import { isAdmin } from '#platform/auth/authorize.ts';
import type { Actor, BoundOperation } from '#platform/http/index.ts';
import { bindOperations } from '#platform/http/index.ts';
import { badRequest } from '#shared/errors.ts';
import type { AccountService } from './account-service.ts';
import type { AccountRow } from './account-store.ts';
import { checkHomeDomain } from './admin-guard.ts';
import type { ApiKeyService } from './api-key-service.ts';
import { maskedCredentials, maskedPassword } from './credential-mask.ts';
import { presentAccount, presentUser } from './presentation.ts';
import type { UserService } from './user-service.ts';
import type { UserRow } from './user-store.ts';

/** What the routes need. */
export interface AccountRouteServices {
  accounts: AccountService;
  users: UserService;
  keys: ApiKeyService;
}

/** Routes of accounts: they concern the system domain. */
export function accountRoutes({ accounts }: AccountRouteServices): BoundOperation[] {
  return bindOperations(accountsOperations, {
    list_accounts: async ({ query }) => (await accounts.list(query.state)).map(presentAccount),
    create_account: async ({ actor, body }) =>
      presentAccount(await accounts.create(body.name, body.email, actor.username)),
    get_account: async ({ params }) => presentAccount(await accounts.get(params.account_name)),
    update_account: async ({ actor, params, body }) =>
      presentAccount(await accounts.setEmail(params.account_name, body.email, actor.username)),
    async update_account_state({ actor, params, body }) {
      await accounts.get(params.account_name);
      if (body.state === undefined) throw badRequest("'state' is a required property");
      const state = await accounts.setState(params.account_name, body.state, actor.username);
      return { state: state as 'enabled' | 'disabled' };
    },
    async delete_account({ actor, params }) {
      await accounts.remove(params.account_name, actor.username);
    },
  });
}

/** Routes of the users of an account and of their credentials. */
export function userRoutes({ accounts, users, keys }: AccountRouteServices): BoundOperation[] {
  /** Roles shown with a user of an account: administrators see all, others those in the account. */
  function visible(actor: Actor, account: string): 'all' | string[] {
    return isAdmin(actor) ? 'all' : [account];
  }

  /** The account of the path, for a change of its users. */
  async function open(actor: Actor, name: string): Promise<AccountRow> {
    const account = await accounts.get(name);
    checkHomeDomain(actor, account);
    return account;
  }

  async function openUser(actor: Actor, params: { account_name: string; username: string }): Promise<UserRow> {
    await open(actor, params.account_name);
    return users.get(params.account_name, params.username);
  }

  async function readUser(params: { account_name: string; username: string }): Promise<UserRow> {
    await accounts.get(params.account_name);
    return users.get(params.account_name, params.username);
  }

  const compatible = bindOperations(usersOperations, {
    async list_all_system_users() {
      const items = (await users.listAll()).map((user) => presentUser(user, 'all'));
      return { items, total_rows: items.length };
    },
    async list_users({ actor, params }) {
      const { name } = await accounts.get(params.account_name);
      return (await users.list(name)).map((user) => presentUser(user, visible(actor, name)));
    },
    async create_user({ actor, params, body }) {
      const { name } = await open(actor, params.account_name);
      return presentUser(await users.create(name, body, actor.username), visible(actor, name));
    },
    async list_users_with_roles({ actor, params }) {
      const { name } = await accounts.get(params.account_name);
      const items = (await users.listWithRoles(name)).map((user) => presentUser(user, visible(actor, name)));
      return { items, total_rows: items.length };
    },
    get_account_user: async ({ actor, params }) =>
      presentUser(await readUser(params), visible(actor, params.account_name)),
    async delete_user({ actor, params }) {
      await open(actor, params.account_name);
      await users.remove(params.account_name, params.username, actor.username);
    },
    list_user_credentials: async ({ params }) => maskedCredentials(await readUser(params)),
    async create_user_credential({ actor, params, body }) {
      await openUser(actor, params);
      await users.setPassword(params.account_name, params.username, body.value, { by: actor.username });
      return maskedPassword(new Date());
    },
    async delete_user_credential({ actor, params }) {
      await openUser(actor, params);
      await users.removePassword(params.account_name, params.username, actor.username);
    },
    list_user_api_keys: async ({ params }) => ({ items: await keys.list((await readUser(params)).username) }),
    create_user_api_key: async ({ actor, params, body }) =>
      keys.create(await openUser(actor, params), body, actor.username),
    get_user_api_key: async ({ params }) => keys.get((await readUser(params)).username, params.key_name),
    patch_user_api_key: async ({ actor, params, body }) =>
      keys.change(await openUser(actor, params), params.key_name, body, actor.username),
    async delete_user_api_key({ actor, params }) {
      await keys.remove(await openUser(actor, params), params.key_name, actor.username);
    },
  });
  const own = bindOperations(windlassIdentityOperations, {
    async revoke_user_access({ actor, params }) {
      const user = await openUser(actor, params);
      return { api_keys: await users.revokeAccess(params.account_name, user.username, actor.username) };
    },
  });
  return [...compatible, ...own];
}
