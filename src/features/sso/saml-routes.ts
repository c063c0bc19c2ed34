import { samlOperations } from '#contract/saml.ts';
import type { Tokens } from '#platform/auth/tokens.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { answer, bindOperations } from '#platform/http/index.ts';
import { badRequest } from '#shared/errors.ts';
import type { GroupMappings } from './group-mappings.ts';
import { redirect } from './redirect.ts';
import type { SamlProviders } from './saml/saml-providers.ts';
import type { SamlSignIn } from './saml/saml-sign-in.ts';

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
    add_idp: ({ actor, body }) => providers.create(body, actor.username),
    get_idp: ({ params }) => providers.get(params.name),
    update_idp: ({ actor, params, body }) => providers.update(params.name, body, actor.username),
    delete_idp: ({ actor, params }) => providers.remove(params.name, actor.username),
    async get_idp_user_groups({ params }) {
      return groups.list((await providers.find(params.name)).name);
    },
    async add_idp_user_groups({ actor, params, body }) {
      return groups.add(await providers.find(params.name), body.user_group_uuids ?? [], actor.username);
    },
    async delete_idp_user_group({ actor, params, query }) {
      await groups.remove(await providers.find(params.name), query.user_group, actor.username);
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
