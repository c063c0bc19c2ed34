import { samlOperations } from '#contract/saml.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import type { Tokens } from '#platform/auth/tokens.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { answer, bindOperations, rawAnswer } from '#platform/http/index.ts';
import { badRequest } from '#shared/errors.ts';
import { type BrowserSignIn, redirect } from './browser-sign-in.ts';
import type { GroupMappings } from './group-mappings.ts';
import type { OidcProviders } from './oidc/oidc-providers.ts';
import { spMetadata } from './saml/metadata.ts';
import type { SamlProviders } from './saml/saml-providers.ts';
import type { SamlSignIn } from './saml/saml-sign-in.ts';
import { acsUrl } from './saml/settings.ts';

const NO_STORE = { 'cache-control': 'no-store' };

/** Routes of SAML as the compatible API has them: administration, login and the exchange of a response for a token. */
export function samlRoutes(services: {
  providers: SamlProviders;
  groups: GroupMappings;
  saml: SamlSignIn;
  tokens: Pick<Tokens, 'issueAccess'>;
}): BoundOperation[] {
  const { providers, groups, saml, tokens } = services;
  return bindOperations(samlOperations, {
    list_idps: () => providers.list(),
    add_idp: ({ body }) => providers.create(body),
    get_idp: ({ params }) => providers.get(params.name),
    update_idp: ({ params, body }) => providers.update(params.name, body),
    delete_idp: ({ params }) => providers.remove(params.name),
    async get_idp_user_groups({ params }) {
      return groups.list((await providers.find(params.name)).name);
    },
    async add_idp_user_groups({ params, body }) {
      return groups.add((await providers.find(params.name)).name, body.user_group_uuids ?? []);
    },
    async delete_idp_user_group({ params, query }) {
      await groups.remove((await providers.find(params.name)).name, query.user_group);
    },
    async saml_login({ params, headers }) {
      const request = await saml.begin(params.idp_name);
      if (/\btext\/html\b/.test(String(headers.accept ?? ''))) return redirect(request.url);
      return answer({ token: request.encoded, redirect_url: request.url }, { headers: NO_STORE });
    },
    async saml_sso({ params, body, remoteAddress: address, requestId }) {
      if (!body?.SAMLResponse) {
        await providers.find(params.idp_name);
        throw badRequest("'SAMLResponse' is a required property");
      }
      const user = await saml.finish(params.idp_name, body.SAMLResponse, { address, requestId });
      return answer({ token: (await tokens.issueAccess(user.userUuid)).accessToken }, { headers: NO_STORE });
    },
  });
}

/** Routes of sign-in in the browser, and of OpenID Connect. */
export function ssoRoutes(services: {
  samlProviders: SamlProviders;
  oidcProviders: OidcProviders;
  groups: GroupMappings;
  browser: BrowserSignIn;
}): BoundOperation[] {
  const { samlProviders, oidcProviders, groups, browser } = services;
  return bindOperations(windlassSsoOperations, {
    list_sign_in_options: () => browser.options(),
    begin_saml_sign_in: ({ params, query }) => browser.beginSaml(params.name, query.return_to),
    consume_saml_response: ({ params, body, remoteAddress: address, requestId, log }) =>
      browser.consumeSaml(params.name, body?.SAMLResponse, { address, requestId }, log),
    finish_saml_sign_in: ({ query, headers }) => browser.finishSaml(query.code, headers),
    async get_saml_sp_metadata({ params }) {
      const { settings } = await samlProviders.find(params.name);
      const { sp_entity_id: entityId, require_signed_assertions: wantAssertionsSigned } = settings;
      return rawAnswer(spMetadata({ entityId, acsUrl: acsUrl(settings), wantAssertionsSigned }));
    },
    begin_oidc_sign_in: ({ params, query }) => browser.beginOidc(params.name, query.return_to),
    finish_oidc_sign_in: ({ params, query, headers, remoteAddress: address, requestId, log }) =>
      browser.finishOidc(params.name, query, headers, { address, requestId }, log),
    list_oidc_providers: async () => ({ items: await oidcProviders.list() }),
    create_oidc_provider: ({ body }) => oidcProviders.create(body),
    get_oidc_provider: ({ params }) => oidcProviders.get(params.name),
    update_oidc_provider: ({ params, body }) => oidcProviders.update(params.name, body),
    delete_oidc_provider: ({ params }) => oidcProviders.remove(params.name),
    async list_oidc_user_groups({ params }) {
      return groups.list((await oidcProviders.find(params.name)).name);
    },
    async add_oidc_user_groups({ params, body }) {
      return groups.add((await oidcProviders.find(params.name)).name, body.user_group_uuids ?? []);
    },
    async delete_oidc_user_group({ params, query }) {
      await groups.remove((await oidcProviders.find(params.name)).name, query.user_group);
    },
  });
}
