import { z } from 'zod';
import { Account } from './identity.ts';
import { defineOperation } from './operation.ts';

/** Answer of `list_accounts`. */
export const AccountList = z.array(Account).meta({ id: 'AccountList' });
export type AccountList = z.output<typeof AccountList>;

/**
 * An address of mail. Longer ones than RFC 5321 allows are refused before the published pattern sees them: the time that
 * it takes grows with the square of the length.
 */
const email = z
  .string()
  .max(320, { abort: true })
  .regex(
    /[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?/,
  );

/** Body of `create_account`. */
export const AccountCreationRequest = z
  .object({
    name: z.string().regex(/^[a-zA-Z0-9][ a-zA-Z0-9@.!$+=^_`~;-]{1,126}[a-zA-Z0-9_]$/),
    email: email.optional(),
  })
  .meta({ id: 'AccountCreationRequest' });
export type AccountCreationRequest = z.output<typeof AccountCreationRequest>;

/** Body of `update_account_state`. */
export const AccountStatus = z
  .object({
    state: z.enum(['enabled', 'disabled']).optional(),
  })
  .meta({ id: 'AccountStatus' });
export type AccountStatus = z.output<typeof AccountStatus>;

/** Body of `update_account`. */
export const AccountInfo = z
  .object({
    email: email.optional(),
  })
  .meta({ id: 'AccountInfo' });
export type AccountInfo = z.output<typeof AccountInfo>;

/** Operations of accounts. */
export const accountsOperations = {
  /** List accounts. */
  list_accounts: defineOperation({
    id: 'list_accounts',
    method: 'GET',
    path: '/accounts',
    tag: 'User Management',
    summary: 'List accounts',
    permission: { action: 'listAccounts', domain: 'system' },
    query: z.object({
      state: z.enum(['enabled', 'disabled', 'deleting']).optional(),
    }),
    success: { status: 200, schema: AccountList },
    errors: [403, 500],
  }),
  /** Create an account. */
  create_account: defineOperation({
    id: 'create_account',
    method: 'POST',
    path: '/accounts',
    tag: 'User Management',
    summary: 'Create an account',
    permission: { action: 'createAccount', domain: 'system' },
    body: AccountCreationRequest,
    success: { status: 200, schema: Account },
    errors: [400, 403, 409, 500],
  }),
  /** Enable or disable an account. */
  update_account_state: defineOperation({
    id: 'update_account_state',
    method: 'PUT',
    path: '/accounts/{account_name}/state',
    tag: 'User Management',
    summary: 'Enable or disable an account',
    permission: { action: 'updateAccount', domain: 'system' },
    params: z.object({ account_name: z.string() }),
    body: AccountStatus,
    success: { status: 200, schema: AccountStatus },
    errors: [400, 403, 404, 500],
  }),
  /** Read an account. */
  get_account: defineOperation({
    id: 'get_account',
    method: 'GET',
    path: '/accounts/{account_name}',
    tag: 'User Management',
    summary: 'Read an account',
    permission: { action: 'getAccount', domain: 'system' },
    params: z.object({ account_name: z.string() }),
    success: { status: 200, schema: Account },
    errors: [403, 404, 500],
  }),
  /** Change the email of an account. */
  update_account: defineOperation({
    id: 'update_account',
    method: 'PUT',
    path: '/accounts/{account_name}',
    tag: 'User Management',
    summary: 'Change the email of an account',
    permission: { action: 'updateAccount', domain: 'system' },
    params: z.object({ account_name: z.string() }),
    body: AccountInfo,
    success: { status: 200, schema: Account },
    errors: [400, 403, 404, 500],
  }),
  /** Delete a disabled account and, later, all it owns. */
  delete_account: defineOperation({
    id: 'delete_account',
    method: 'DELETE',
    path: '/accounts/{account_name}',
    tag: 'User Management',
    summary: 'Delete a disabled account and, later, all it owns',
    permission: { action: 'deleteAccount', domain: 'system' },
    params: z.object({ account_name: z.string() }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
};
