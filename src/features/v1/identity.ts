import type { User } from '#contract/identity.ts';
import { v1AccountOperations } from '#contract/v1/identity.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of accounts and users. */
export function v1AccountRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1AccountOperations,
    {
      list_accounts: same,
      create_account: same,
      get_account: same,
      delete_account: same,
      update_account_state: same,
      list_users: translated((users) => users.map(v1User)),
      create_user: translated(v1User),
      get_account_user: translated(v1User),
      delete_user: same,
      list_user_credentials: same,
      async create_user_credential({ next, call, params }) {
        await next();
        return v1User(await call('get_account_user', { params }));
      },
      delete_user_credential: same,
      get_users_account: same,
      get_user: translated(v1User),
      get_credentials: same,
      async add_credential({ next, call }) {
        await next();
        return v1User(await call('get_user'));
      },
      get_oauth_token: translated((answer) =>
        'access_token' in answer ? { token: answer.access_token, ...(answer as object) } : answer,
      ),
    },
    v2,
  );
}

/** A user of the first generation: who came from an identity provider is external. */
function v1User({ username, type, source, created_at, last_updated }: User): Record<string, unknown> {
  return { username, type: type === 'saml' ? 'external' : 'native', source: source ?? null, created_at, last_updated };
}
