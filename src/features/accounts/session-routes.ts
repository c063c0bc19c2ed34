import { type SessionUser, sessionOperations } from '#contract/session.ts';
import { ALL_ACTIONS } from '#platform/auth/actions.ts';
import { API_KEY_USERNAME } from '#platform/auth/api-key.ts';
import type { Authenticator, Identity } from '#platform/auth/authenticate.ts';
import { type Authorizer, isAdmin } from '#platform/auth/authorize.ts';
import { SYSTEM_DOMAIN } from '#platform/auth/roles.ts';
import {
  isSecureRequest,
  readSessionCookie,
  requireOwnPage,
  type Sessions,
  sessionCookie,
} from '#platform/auth/sessions.ts';
import type { Actor, BoundOperation } from '#platform/http/index.ts';
import { answer, bindOperations, rawAnswer } from '#platform/http/index.ts';

/** Routes of browser sessions. */
export function sessionRoutes(options: {
  authenticator: Authenticator;
  authorizer: Authorizer;
  sessions: Sessions;
}): BoundOperation[] {
  const { authenticator, authorizer, sessions } = options;

  async function allowed(actor: Actor, domain: string): Promise<string[]> {
    const actions: string[] = [];
    for (const action of ALL_ACTIONS) if (await authorizer.permits(actor, domain, action)) actions.push(action);
    return actions;
  }

  async function describe(actor: Actor, scope: string): Promise<SessionUser> {
    const grants = 'grants' in actor ? (actor as Identity).grants : {};
    return {
      username: actor.username,
      user_uuid: actor.userUuid,
      user_type: actor.userType,
      account_name: actor.account,
      account_type: actor.accountType,
      is_admin: isAdmin(actor),
      scope_account: scope,
      actions: await allowed(actor, scope),
      system_actions: await allowed(actor, SYSTEM_DOMAIN),
      domains: Object.entries(grants).map(([domain_name, roles]) => ({ domain_name, roles: [...roles] })),
    };
  }

  return bindOperations(sessionOperations, {
    async create_session({ body, headers, remoteAddress }) {
      requireOwnPage('POST', headers);
      const { username, password } = body;
      const identity =
        username === API_KEY_USERNAME
          ? undefined
          : await authenticator.checkPassword(username, password, remoteAddress);
      if (!identity) return refusal();
      const previous = readSessionCookie(headers.cookie);
      if (previous !== undefined) await sessions.end(previous);
      const { id, maxAgeSeconds } = await sessions.start(identity.userUuid);
      const cookie = sessionCookie(id, { secure: isSecureRequest(headers), maxAgeSeconds });
      return answer(await describe(identity, identity.account), { headers: { 'set-cookie': cookie } });
    },
    async delete_session({ headers }) {
      requireOwnPage('DELETE', headers);
      const id = readSessionCookie(headers.cookie);
      if (id !== undefined) await sessions.end(id);
      const cookie = sessionCookie(undefined, { secure: isSecureRequest(headers), maxAgeSeconds: 0 });
      return answer(undefined, { headers: { 'set-cookie': cookie } });
    },
    get_session: ({ actor, account }) => describe(actor, account),
  });
}

/** 401 without a challenge, which would make the browser ask for a password in a window of its own. */
function refusal(): ReturnType<typeof rawAnswer> {
  const message = 'Invalid username or password';
  const body = { code: 401, httpcode: 401, error_type: 'unauthorized', message, detail: { error_codes: [] } };
  return rawAnswer(JSON.stringify(body), { status: 401, contentType: 'application/json' });
}
