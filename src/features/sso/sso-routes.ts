import { compatibleSsoOperations, windlassSsoOperations } from '#contract/windlass-sso.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { answer, bindOperations, rawAnswer } from '#platform/http/index.ts';
import type { BrowserSignIn } from './browser-sign-in.ts';
import type { GroupMappings } from './group-mappings.ts';
import type { OidcLogout } from './oidc/oidc-logout.ts';
import type { OidcProviders } from './oidc/oidc-providers.ts';
import type { SamlKeyPair, SamlKeys } from './saml/key-pairs.ts';
import type { ProviderMetadata } from './saml/provider-metadata.ts';
import type { SamlLogout } from './saml/saml-logout.ts';
import type { SamlProviders } from './saml/saml-providers.ts';
import { acsUrl, logoutUrl, signsRequests } from './saml/settings.ts';
import { spMetadata } from './saml/sp-metadata.ts';
import type { SignOuts } from './sign-out.ts';

/** Routes of sign-in in the browser, and of OpenID Connect. */
export function ssoRoutes(services: {
  samlProviders: SamlProviders;
  oidcProviders: OidcProviders;
  groups: GroupMappings;
  browser: BrowserSignIn;
  metadata: ProviderMetadata;
  keys: SamlKeys;
  samlLogout: SamlLogout;
  oidcLogout: OidcLogout;
  signOuts: SignOuts;
}): BoundOperation[] {
  const { samlProviders, oidcProviders, groups, browser, metadata, keys, samlLogout, oidcLogout, signOuts } = services;
  const own = bindOperations(windlassSsoOperations, {
    list_sign_in_options: () => browser.options(),
    begin_saml_sign_in: ({ params, query }) => browser.beginSaml(params.name, query.return_to),
    consume_saml_response: ({ params, body, remoteAddress: address, requestId, log }) =>
      browser.consumeSaml(params.name, body?.SAMLResponse, { address, requestId }, log),
    finish_saml_sign_in: ({ query, headers }) => browser.finishSaml(query.code, headers),
    async get_saml_sp_metadata({ params }) {
      const provider = await samlProviders.find(params.name);
      const { settings } = provider;
      const document = spMetadata({
        entityId: settings.sp_entity_id,
        acsUrl: acsUrl(settings),
        logoutUrl: logoutUrl(provider.name, settings),
        wantAssertionsSigned: settings.require_signed_assertions,
        signsRequests: signsRequests(settings, (await metadata.current(provider)).wantsSignedRequests),
        certificates: (await keys.list()).map((pair) => pair.certificate),
      });
      return rawAnswer(document);
    },
    async sign_out({ headers, log }) {
      const { cookie, redirectUrl } = await signOuts.begin(headers, log);
      return answer({ redirect_url: redirectUrl ?? null }, { headers: { 'set-cookie': cookie } });
    },
    continue_sign_out: ({ query }) => signOuts.proceed(query.code),
    take_saml_logout: ({ params, rawQuery: query, remoteAddress: address, requestId }) =>
      samlLogout.take(params.name, { query }, { address, requestId }),
    take_saml_logout_form: ({ params, body, remoteAddress: address, requestId }) =>
      samlLogout.take(params.name, body ?? {}, { address, requestId }),
    async list_saml_keys() {
      const pairs = await keys.list();
      return { items: pairs.map((pair) => presentKey(pair, pairs)) };
    },
    async add_saml_key({ actor }) {
      const pair = await keys.add(actor.username);
      return presentKey(pair, await keys.list());
    },
    delete_saml_key: ({ actor, params }) => keys.remove(params.id, actor.username),
    async take_oidc_logout({ params, body, remoteAddress: address, requestId }) {
      await oidcLogout.take(params.name, body?.logout_token, { address, requestId });
    },
    begin_oidc_sign_in: ({ params, query }) => browser.beginOidc(params.name, query.return_to),
    finish_oidc_sign_in: ({ params, query, headers, remoteAddress: address, requestId, log }) =>
      browser.finishOidc(params.name, query, headers, { address, requestId }, log),
    list_oidc_providers: async () => ({ items: await oidcProviders.list() }),
    create_oidc_provider: ({ actor, body }) => oidcProviders.create(body, actor.username),
    get_oidc_provider: ({ params }) => oidcProviders.get(params.name),
    update_oidc_provider: ({ actor, params, body }) => oidcProviders.update(params.name, body, actor.username),
    delete_oidc_provider: ({ actor, params }) => oidcProviders.remove(params.name, actor.username),
    async list_oidc_user_groups({ params }) {
      return groups.list((await oidcProviders.find(params.name)).name);
    },
    async add_oidc_user_groups({ actor, params, body }) {
      return groups.add(await oidcProviders.find(params.name), body.user_group_uuids ?? [], actor.username);
    },
    async delete_oidc_user_group({ actor, params, query }) {
      await groups.remove(await oidcProviders.find(params.name), query.user_group, actor.username);
    },
  });
  const compatible = bindOperations(compatibleSsoOperations, {
    consume_saml_response_there: ({ params, body, remoteAddress: address, requestId, log }) =>
      browser.consumeSaml(params.name, body?.SAMLResponse, { address, requestId }, log),
  });
  return [...own, ...compatible.map((bound) => ({ ...bound, prefix: '' }))];
}

function presentKey(pair: SamlKeyPair, all: readonly SamlKeyPair[]) {
  const uses: ('sign' | 'decrypt' | 'encrypt')[] = ['decrypt'];
  if (pair.id === all[0]?.id) uses.unshift('sign');
  if (pair.id === all.at(-1)?.id) uses.push('encrypt');
  const { certificate } = pair;
  return {
    id: pair.id,
    uses,
    certificate: certificate.toString(),
    fingerprint: certificate.fingerprint256,
    created_at: pair.createdAt.toISOString(),
    expires_at: new Date(certificate.validTo).toISOString(),
  };
}
