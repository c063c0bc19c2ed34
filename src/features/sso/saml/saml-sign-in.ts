import type { SignedIn } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { AppError, badRequest, forbidden } from '#shared/errors.ts';
import { findProvidersOfEntity, type ProviderRow } from '../provider-store.ts';
import type { Caller, SignIns } from '../sign-in.ts';
import type { Tickets } from '../tickets.ts';
import type { SamlPrincipal } from './assertion.ts';
import { type AuthnRequest, authnRequest } from './authn-request.ts';
import type { SamlKeys } from './key-pairs.ts';
import type { IdpMetadata } from './metadata.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import {
  MESSAGE_LIMIT,
  readBareAssertion,
  readSamlResponse,
  SAML,
  type SamlCheck,
  type SamlLogin,
} from './response.ts';
import type { SamlProviders } from './saml-providers.ts';
import { acsUrl, type SamlSettings, signsRequests } from './settings.ts';
import { allElements, parseXml, textOf, XmlRefused } from './xml-document.ts';

/** A finished SAML sign-in. */
export interface SamlSignedIn extends SignedIn {
  /** The request that was answered; undefined when the provider began. */
  inResponseTo: string | undefined;
  principal: SamlPrincipal | undefined;
}

/** Signs users in by SAML 2.0. */
export interface SamlSignIn {
  /** A login request, for a browser to take along. Throws 403 for a disabled provider, 404. */
  begin(name: string): Promise<AuthnRequest & { id: string; provider: ProviderRow<SamlSettings> }>;
  /** Takes a response (HTTP-POST binding). Throws 400, 403, 404. */
  finish(name: string, samlResponse: string, caller: Caller): Promise<SamlSignedIn>;
  /** Takes an assertion on its own (RFC 7522); `name` chooses the provider, else its issuer does. Throws 400, 403. */
  finishBearer(assertion: string, name: string | undefined, caller: Caller): Promise<SignedIn>;
}

/** Creates the service. */
export function createSamlSignIn(options: {
  database: Database;
  providers: SamlProviders;
  metadata: ProviderMetadata;
  keys: SamlKeys;
  tickets: Tickets;
  signIns: SignIns;
  now: () => number;
}): SamlSignIn {
  const { database, providers, metadata, keys, tickets, signIns, now } = options;

  async function checkOf(provider: ProviderRow<SamlSettings>, idp: IdpMetadata): Promise<SamlCheck> {
    const { settings } = provider;
    return {
      issuer: idp.entityId,
      audience: settings.sp_entity_id,
      recipients: [...new Set([acsUrl(settings), settings.acs_url])],
      now: now(),
      keys: idp.keys,
      decryptionKeys: (await keys.existing()).map((pair) => pair.privateKey),
      requireSignedResponse: settings.require_signed_response ?? true,
      requireSignedAssertions: settings.require_signed_assertions ?? true,
      isOpenRequest: (id) => tickets.readRequestId(provider.name, id) !== undefined,
    };
  }

  async function signIn(
    provider: ProviderRow<SamlSettings>,
    caller: Caller,
    read: (check: SamlCheck) => SamlLogin,
  ): Promise<SamlSignedIn> {
    let inResponseTo: string | undefined;
    let principal: SamlPrincipal | undefined;
    const user = await signIns.run(provider, caller, async () => {
      const login = await readWithKeys(provider, read);
      const { claims } = login;
      ({ inResponseTo, principal } = login);
      if (inResponseTo === undefined) return claims;
      const until = tickets.readRequestId(provider.name, inResponseTo) ?? new Date(now());
      return { ...claims, used: [...claims.used, { id: `request ${inResponseTo}`, until }] };
    });
    return { ...user, inResponseTo, principal };
  }

  /** Reads with the keys at hand; when that is refused, once more with those that the provider publishes now. */
  async function readWithKeys(
    provider: ProviderRow<SamlSettings>,
    read: (check: SamlCheck) => SamlLogin,
  ): Promise<SamlLogin> {
    const idp = await metadata.current(provider);
    try {
      return read(await checkOf(provider, idp));
    } catch (error) {
      if (!(error instanceof AppError) || !/does not fit a key/.test(error.message)) throw error;
      const renewed = await metadata.afterMismatch(provider);
      if (!renewed) throw error;
      return read(await checkOf(provider, renewed));
    }
  }

  return {
    async begin(name) {
      const provider = await providers.find(name);
      if (!provider.enabled) throw forbidden(`Not authorized. The identity provider ${name} is disabled`);
      const { ssoUrl, wantsSignedRequests } = await metadata.current(provider);
      const id = tickets.requestId(name);
      const { settings } = provider;
      const request = authnRequest({
        id,
        issuedAt: new Date(now()),
        entityId: settings.sp_entity_id,
        acsUrl: acsUrl(settings),
        ssoUrl,
        key: signsRequests(settings, wantsSignedRequests) ? (await keys.list())[0]?.privateKey : undefined,
      });
      return { ...request, id, provider };
    },
    async finish(name, samlResponse, caller) {
      const provider = await providers.find(name);
      return signIn(provider, caller, (check) => readSamlResponse(samlResponse, check));
    },
    async finishBearer(assertion, name, caller) {
      const provider =
        name === undefined || name === 'anonymous'
          ? await providerOf(database, issuerOf(assertion))
          : await providers.find(name);
      return signIn(provider, caller, (check) => readBareAssertion(assertion, check));
    },
  };
}

async function providerOf(database: Database, issuer: string): Promise<ProviderRow<SamlSettings>> {
  const found = await findProvidersOfEntity(database.db, 'saml', issuer);
  const [provider] = found;
  if (!provider) throw forbidden('Not authorized. The assertion is of no known identity provider');
  if (found.length > 1) throw badRequest('Several identity providers have this issuer: name one of them as client_id');
  return provider as ProviderRow<SamlSettings>;
}

/** The issuer that an assertion claims, to find the keys to check it with: not to be believed before that. */
function issuerOf(encoded: string): string {
  try {
    const xml = Buffer.from(encoded.replace(/\s+/g, ''), 'base64').toString('utf8');
    const issuer = allElements(parseXml(xml, MESSAGE_LIMIT)).find(
      (one) => one.namespaceURI === SAML && one.localName === 'Issuer',
    );
    if (!issuer) throw new XmlRefused('it has no issuer');
    return textOf(issuer);
  } catch (error) {
    if (error instanceof XmlRefused) throw badRequest(`Invalid SAML message: ${error.message}`);
    throw error;
  }
}
