import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Body of `create_session`. */
export const SessionRequest = z
  .object({
    username: z.string().min(1).max(128),
    password: z.string().min(1).max(1024),
  })
  .meta({ id: 'SessionRequest' });
export type SessionRequest = z.output<typeof SessionRequest>;

/** Who is signed in, and what they may do. */
export const SessionUser = z
  .object({
    username: z.string(),
    user_uuid: z.string(),
    user_type: z.enum(['native', 'saml']),
    /** Home account. */
    account_name: z.string(),
    account_type: z.enum(['admin', 'user', 'service']),
    /** May do everything, everywhere; the lists of actions then hold all of them. */
    is_admin: z.boolean(),
    /** The account that scopes requests: of `x-anchore-account`, else the home account. */
    scope_account: z.string(),
    /** Actions allowed in the scope account. */
    actions: z.array(z.string()),
    /** Actions allowed in the domain `system`. */
    system_actions: z.array(z.string()),
    /** Domains in which the user holds roles. */
    domains: z.array(z.object({ domain_name: z.string(), roles: z.array(z.string()) })),
  })
  .meta({ id: 'SessionUser' });
export type SessionUser = z.output<typeof SessionUser>;

/** Operations of browser sessions: an own addition, used by the web interface. */
export const sessionOperations = {
  /** Sign in: starts a session and sets its cookie. */
  create_session: defineOperation({
    id: 'create_session',
    method: 'POST',
    path: '/windlass/session',
    tag: 'Session',
    summary: 'Sign in: start a session and set its cookie',
    permission: 'anonymous',
    body: SessionRequest,
    success: { status: 200, schema: SessionUser },
    errors: [400, 401, 403, 415, 429, 500],
  }),
  /** Sign out: ends the session and removes its cookie. */
  delete_session: defineOperation({
    id: 'delete_session',
    method: 'DELETE',
    path: '/windlass/session',
    tag: 'Session',
    summary: 'Sign out: end the session and remove its cookie',
    permission: 'anonymous',
    success: { status: 204, schema: null },
    errors: [403, 500],
  }),
  /** Read who is signed in, with the allowed actions. */
  get_session: defineOperation({
    id: 'get_session',
    method: 'GET',
    path: '/windlass/session',
    tag: 'Session',
    summary: 'Read who is signed in, with the allowed actions',
    permission: 'authenticated',
    success: { status: 200, schema: SessionUser },
    errors: [401, 500],
  }),
};
