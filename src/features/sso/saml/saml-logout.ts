import { randomBytes } from 'node:crypto';
import type { RawAnswer } from '#platform/http/index.ts';
import { badRequest, forbidden } from '#shared/errors.ts';
import type { ProviderSessions } from '../provider-sessions.ts';
import type { ProviderRow } from '../provider-store.ts';
import { redirect } from '../redirect.ts';
import type { Caller, SignIns } from '../sign-in.ts';
import type { SamlPrincipal } from './assertion.ts';
import type { SamlKeys } from './key-pairs.ts';
import { DecryptionRefused } from './key-transport.ts';
import {
  checkLogoutResponse,
  type LogoutCheck,
  logoutRequest,
  logoutResponse,
  type MessageFrame,
  readLogoutRequest,
} from './logout-messages.ts';
import { signMessage } from './message-signature.ts';
import type { IdpMetadata, LogoutService } from './metadata.ts';
import { postForm } from './post-form.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { deflated, type MessageField, readRedirect, redirectAddress } from './redirect-binding.ts';
import { decodeMessage, MESSAGE_LIMIT, SAMLP } from './response.ts';
import type { SamlProviders } from './saml-providers.ts';
import { logoutUrl, type SamlSettings } from './settings.ts';
import { SignatureRefused, signedContent } from './signature.ts';
import { parseXml, XmlRefused } from './xml-document.ts';

type Provider = ProviderRow<SamlSettings>;

/** A logout message as it came: in an address, or in a form. */
export type IncomingLogout =
  | { query: string }
  | { SAMLRequest?: string | undefined; SAMLResponse?: string | undefined; RelayState?: string | undefined };

/** Single logout of SAML 2.0 (Profiles §4.4), front channel. */
export interface SamlLogout {
  /** How the provider takes logout requests; undefined when it knows no logout, or cannot be asked. */
  binding(provider: Provider): Promise<LogoutService['binding'] | undefined>;
  /** Sends the browser to the provider with a signed request. Throws 400 when it knows no logout. */
  begin(provider: Provider, principal: SamlPrincipal): Promise<RawAnswer>;
  /**
   * Takes a message that must be signed. A request ends the sessions that it names and is answered; an answer to our
   * request sends the browser to the sign-in page. Throws 400, 403, 404.
   */
  take(name: string, incoming: IncomingLogout, caller: Caller): Promise<RawAnswer>;
}

/** Creates the service. */
export function createSamlLogout(options: {
  providers: SamlProviders;
  metadata: ProviderMetadata;
  keys: SamlKeys;
  sessions: ProviderSessions;
  signIns: SignIns;
  now: () => number;
}): SamlLogout {
  const { providers, metadata, keys, sessions, signIns, now } = options;

  function frame(provider: Provider, destination: string): MessageFrame {
    const id = `_${randomBytes(20).toString('hex')}`;
    return { id, issuedAt: new Date(now()), issuer: provider.settings.sp_entity_id, destination };
  }

  async function send(
    { binding }: LogoutService,
    message: { location: string; field: MessageField; xml: string; relayState?: string | undefined },
  ): Promise<RawAnswer> {
    const [pair] = await keys.list();
    if (!pair) throw new Error('no key pair after making one');
    if (binding === 'post') return postForm({ ...message, xml: signMessage(message.xml, pair) });
    return redirect(redirectAddress({ ...message, message: deflated(message.xml), key: pair.privateKey }));
  }

  /** The message without its signature, which was checked. */
  function open(incoming: IncomingLogout, { keys: trusted }: IdpMetadata) {
    if ('query' in incoming) {
      const { xml, relayState } = readRedirect(incoming.query, trusted, MESSAGE_LIMIT);
      return { root: parseXml(xml, MESSAGE_LIMIT), relayState };
    }
    const xml = decodeMessage(incoming.SAMLRequest ?? incoming.SAMLResponse ?? '');
    const content = signedContent(xml, parseXml(xml, MESSAGE_LIMIT), trusted);
    if (content === undefined) throw new SignatureRefused('The message is not signed');
    return { root: parseXml(content, MESSAGE_LIMIT), relayState: incoming.RelayState };
  }

  /** Opens with the keys at hand; when none fits, once more with those that the provider publishes now. */
  async function openWithKeys(provider: Provider, incoming: IncomingLogout) {
    const idp = await metadata.current(provider);
    try {
      return { idp, ...open(incoming, idp) };
    } catch (error) {
      const renewed =
        error instanceof SignatureRefused && /does not fit a key/.test(error.message)
          ? await metadata.afterMismatch(provider)
          : undefined;
      if (!renewed) throw error;
      return { idp: renewed, ...open(incoming, renewed) };
    }
  }

  async function take(provider: Provider, incoming: IncomingLogout): Promise<RawAnswer> {
    const { idp, root, relayState } = await openWithKeys(provider, incoming);
    const check: LogoutCheck = {
      issuer: provider.entity_id,
      destination: logoutUrl(provider.name, provider.settings),
      now: now(),
      decryptionKeys: (await keys.existing()).map((pair) => pair.privateKey),
    };
    if (root.namespaceURI !== SAMLP) throw new XmlRefused('it is no SAML message');
    if (root.localName === 'LogoutResponse') {
      checkLogoutResponse(root, check);
      return redirect('/sign-in');
    }
    if (root.localName !== 'LogoutRequest') throw new XmlRefused('it is no logout message');
    const request = readLogoutRequest(root, check);
    if (!(await signIns.use(provider.entity_id, `logout ${request.id}`, request.until)))
      throw forbidden('Not authorized. The logout request was used before');
    await sessions.end(provider.name, request.name, request.sessions);
    if (!idp.logout) return redirect('/sign-in');
    const location = idp.logout.responseLocation;
    const xml = logoutResponse(frame(provider, location), request.id);
    return send(idp.logout, { location, field: 'SAMLResponse', xml, relayState });
  }

  return {
    async binding(provider) {
      return (await metadata.current(provider)).logout?.binding;
    },
    async begin(provider, principal) {
      const { logout } = await metadata.current(provider);
      if (!logout) throw badRequest(`The identity provider ${provider.name} has no single logout`);
      const { location } = logout;
      return send(logout, { location, field: 'SAMLRequest', xml: logoutRequest(frame(provider, location), principal) });
    },
    async take(name, incoming, caller) {
      const provider = await providers.find(name);
      return signIns.record(provider, caller, 'provider_logout', async () => {
        try {
          return await take(provider, incoming);
        } catch (error) {
          if (error instanceof XmlRefused) throw badRequest(`Invalid SAML message: ${error.message}`);
          if (error instanceof SignatureRefused || error instanceof DecryptionRefused)
            throw forbidden(`Not authorized. ${error.message}`);
          throw error;
        }
      });
    },
  };
}
