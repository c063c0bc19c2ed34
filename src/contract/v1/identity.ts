import { z } from 'zod';
import { v1Operation } from './operation.ts';

/** Accounts and users. */
export const v1AccountOperations = {
  list_accounts: v1Operation('list_accounts'),
  create_account: v1Operation('create_account'),
  get_account: v1Operation('get_account'),
  delete_account: v1Operation('delete_account'),
  update_account_state: v1Operation('update_account_state'),
  list_users: v1Operation('list_users'),
  create_user: v1Operation('create_user'),
  get_account_user: v1Operation('get_account_user'),
  delete_user: v1Operation('delete_user'),
  list_user_credentials: v1Operation('list_user_credentials'),
  create_user_credential: v1Operation('create_user_credential'),
  delete_user_credential: v1Operation('delete_user_credential', {
    query: z.object({ credential_type: z.literal('password').default('password') }),
  }),
  get_users_account: v1Operation('get_users_account'),
  get_user: v1Operation('get_user'),
  get_credentials: v1Operation('get_credentials'),
  add_credential: v1Operation('add_credential'),
  get_oauth_token: v1Operation('get_oauth_token'),
};
