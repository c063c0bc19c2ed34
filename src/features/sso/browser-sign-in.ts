import type { SignInOptions } from '#contract/windlass-sso.ts';
import { readSessionCookie, type SessionOrigin, type Sessions, sessionCookie } from '#platform/auth/sessions.ts';
import type { Database } from '#platform/database/types.ts';
import type { HttpLog, RawAnswer } from '#platform/http/index.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import type { OidcProviders } from './oidc/oidc-providers.ts';
import type { OidcCallback, OidcSignIn } from './oidc/oidc-sign-in.ts';
import type { ProviderSessions } from './provider-sessions.ts';
import { listProviders } from './provider-store.ts';
import { redirect } from './redirect.ts';
import type { SamlProviders } from './saml/saml-providers.ts';
import type { SamlSignIn } from './saml/saml-sign-in.ts';
import { acsUrl } from './saml/settings.ts';
import type { Caller, SignIns } from './sign-in.ts';
import { ownPlace, readTicketCookie, sameText, type Tickets, ticketCookie } from './tickets.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Why a browser is sent back to the sign-in page: a word, because texts from an address are not to be shown. */
export type SignInProblem = 'refused' | 'expired' | 'unavailable';

/** Sign-in through a provider in a browser: it ends with a session, and only in the browser that began it. */
export interface BrowserSignIn {
  options(): Promise<SignInOptions>;
  beginSaml(name: string, returnTo: string | undefined): Promise<RawAnswer>;
  /**
   * Takes a response that a page of the provider posted. Such a post carries no cookies of ours, so the browser takes a
   * short-lived proof along to `finishSaml`. A response that answers no request begins a sign-in instead.
   */
  consumeSaml(name: string, response: string | undefined, caller: Caller, log: HttpLog): Promise<RawAnswer>;
  finishSaml(code: string | undefined, headers: Headers): Promise<RawAnswer>;
  beginOidc(name: string, returnTo: string | undefined): Promise<RawAnswer>;
  finishOidc(name: string, callback: OidcCallback, headers: Headers, caller: Caller, log: HttpLog): Promise<RawAnswer>;
}

const API = '/v2/windlass';

/** Creates the service. */
export function createBrowserSignIn(options: {
  database: Database;
  saml: SamlSignIn;
  samlProviders: SamlProviders;
  oidc: OidcSignIn;
  oidcProviders: OidcProviders;
  sessions: Sessions;
  providerSessions: ProviderSessions;
  tickets: Tickets;
  signIns: SignIns;
  settings: { disallow_native_users: boolean };
}): BrowserSignIn {
  const { database, saml, samlProviders, oidc, oidcProviders, sessions, providerSessions, tickets, signIns, settings } =
    options;

  /** A new session in place of the one that the browser may have. */
  async function enter(
    user: { userUuid: string; origin: SessionOrigin | undefined },
    returnTo: string,
    headers: Headers,
    secure: boolean,
  ): Promise<RawAnswer> {
    const previous = readSessionCookie(headers.cookie);
    if (previous !== undefined) await sessions.end(previous);
    const { id, maxAgeSeconds } = await sessions.start(user.userUuid, user.origin);
    return redirect(ownPlace(returnTo), [
      sessionCookie(id, { secure, maxAgeSeconds }),
      ticketCookie(undefined, secure),
    ]);
  }

  return {
    async options() {
      const rows = await listProviders(database.db);
      return {
        native: !settings.disallow_native_users,
        providers: rows
          .filter((row) => row.enabled)
          .map(({ name, kind }) => ({ name, kind, login_url: `${API}/${kind}/login/${name}` })),
      };
    },
    async beginSaml(name, returnTo) {
      const { id, url, provider } = await saml.begin(name);
      const ticket = tickets.sealTicket({ provider: name, id, returnTo: ownPlace(returnTo) });
      return redirect(url, [ticketCookie(ticket, isSecure(acsUrl(provider.settings)))]);
    },
    async consumeSaml(name, response, caller, log) {
      await samlProviders.find(name);
      if (!response) throw badRequest("'SAMLResponse' is a required property");
      try {
        const user = await saml.finish(name, response, caller);
        if (user.inResponseTo === undefined) return redirect(`${API}/saml/login/${name}`);
        const code = tickets.sealProof({
          userUuid: user.userUuid,
          requestId: user.inResponseTo,
          principal: user.principal,
        });
        return redirect(`${API}/saml/finish?code=${encodeURIComponent(code)}`);
      } catch (error) {
        return backToPage(error, log);
      }
    },
    async finishSaml(code, headers) {
      const proof = code === undefined ? undefined : tickets.openProof(code);
      const ticket = tickets.openTicket(readTicketCookie(headers.cookie) ?? '');
      if (!proof || !ticket || !sameText(ticket.id, proof.requestId)) return toPage('expired');
      const { settings: saved } = await samlProviders.find(ticket.provider);
      if (!(await signIns.use('proof', proof.requestId, proof.until))) return toPage('expired');
      const { userUuid, principal } = proof;
      const origin =
        principal &&
        providerSessions.origin(ticket.provider, principal.nameId.value, principal.sessionIndex, { principal });
      return enter({ userUuid, origin }, ticket.returnTo, headers, isSecure(acsUrl(saved)));
    },
    async beginOidc(name, returnTo) {
      const { url, ticket, provider } = await oidc.begin(name, ownPlace(returnTo));
      return redirect(url, [ticketCookie(tickets.sealTicket(ticket), isSecure(provider.settings.redirect_uri))]);
    },
    async finishOidc(name, callback, headers, caller, log) {
      const provider = await oidcProviders.find(name);
      const ticket = tickets.openTicket(readTicketCookie(headers.cookie) ?? '');
      if (!ticket) return toPage('expired');
      try {
        const user = await oidc.finish(name, callback, ticket, caller);
        const { userUuid, subject, session, idToken } = user;
        const origin = providerSessions.origin(name, subject, session, { idToken });
        return await enter({ userUuid, origin }, ticket.returnTo, headers, isSecure(provider.settings.redirect_uri));
      } catch (error) {
        return backToPage(error, log, [ticketCookie(undefined, isSecure(provider.settings.redirect_uri))]);
      }
    },
  };
}

function toPage(problem: SignInProblem, cookies: readonly string[] = []): RawAnswer {
  return redirect(`/sign-in?problem=${problem}`, cookies);
}

/** A refusal is told by a page; faults of the server are errors as everywhere. The reason is in the audit log. */
function backToPage(error: unknown, log: HttpLog, cookies: readonly string[] = []): RawAnswer {
  if (!(error instanceof AppError) || error.httpStatus >= 500) throw error;
  log.info({ reason: error.message }, 'a sign-in was refused');
  return toPage(error.httpStatus === 403 ? 'refused' : 'unavailable', cookies);
}

function isSecure(url: string): boolean {
  return url.startsWith('https:');
}
