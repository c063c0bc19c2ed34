import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Answer of `get_oauth_token`. */
export const TokenResponse = z
  .object({
    access_token: z.string(),
    expires_in: z.number().optional(),
    token_type: z.string().optional(),
    refresh_token: z.string().optional(),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.output<typeof TokenResponse>;

/** Operations of oauth. */
export const oauthOperations = {
  /** Revoke a refresh token. */
  revoke_oauth_token: defineOperation({
    id: 'revoke_oauth_token',
    method: 'POST',
    path: '/oauth/revoke',
    tag: 'User Management',
    summary: 'Revoke a refresh token',
    permission: 'anonymous',
    body: z.object({
      token: z.string().optional(),
      /** Only `refresh_token` can be revoked. */
      token_type_hint: z.string().optional(),
    }),
    form: true,
    optionalBody: true,
    success: { status: 200, schema: null },
    /** An error code of RFC 6749. */
    errorSchemas: { 400: z.object({ error: z.string().optional() }) },
    errors: [400, 401, 403, 415, 500],
  }),
  /** Issue a token for a password or refresh token. */
  get_oauth_token: defineOperation({
    id: 'get_oauth_token',
    method: 'POST',
    path: '/oauth/token',
    tag: 'User Management',
    summary: 'Issue a token for a password or refresh token',
    permission: 'anonymous',
    body: z.object({
      grant_type: z.string().default('password'),
      username: z.string().optional(),
      password: z.string().optional(),
      client_id: z.string().default('anonymous'),
      refresh_token: z.string().optional(),
      /** With grant type `urn:ietf:params:oauth:grant-type:saml2-bearer` (RFC 7522): the assertion, base64url. */
      assertion: z.string().optional(),
    }),
    form: true,
    optionalBody: true,
    success: { status: 200, schema: TokenResponse },
    errors: [400, 403, 415, 500],
  }),
};
