import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** What was revoked. */
export const RevokedAccess = z
  .object({
    /** API keys that were active. */
    api_keys: z.int(),
  })
  .meta({ id: 'RevokedAccess' });

/** Operations on users beyond the compatible ones. */
export const windlassIdentityOperations = {
  /** Revoke everything that lets a user in but the password. */
  revoke_user_access: defineOperation({
    id: 'revoke_user_access',
    method: 'POST',
    path: '/windlass/accounts/{account_name}/users/{username}/revoke-access',
    tag: 'User Management',
    summary: 'Revoke all API keys, tokens and sessions of a user',
    permission: { action: 'updateApiKey', domain: 'path' },
    params: z.object({ account_name: z.string(), username: z.string() }),
    success: { status: 200, schema: RevokedAccess },
    errors: [401, 403, 404, 500],
  }),
};
