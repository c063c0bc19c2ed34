import type { RbacManagerSamlConfiguration } from '#contract/saml.ts';
import type { OidcProvider } from '#contract/windlass-sso.ts';
import type { Provider } from './provider.ts';

/** Who somebody becomes, as a form holds it. */
interface MappingDraft {
  idp_username_attribute: string;
  idp_account_attribute: string;
  idp_role_attribute: string;
  idp_groups_attribute: string;
  default_account: string;
  default_role: string;
}

/** A provider as its form holds it: the fields of both kinds, so that a choice of kind loses nothing. */
export interface ProviderDraft extends MappingDraft {
  kind: Provider['kind'];
  name: string;
  enabled: boolean;
  sp_entity_id: string;
  /** Empty: made from the name. */
  acs_url: string;
  acs_https_port: number | '';
  metadata: 'url' | 'xml';
  idp_metadata_url: string;
  idp_metadata_xml: string;
  require_signed_assertions: boolean;
  require_signed_response: boolean;
  issuer: string;
  client_id: string;
  client_secret: string;
  token_endpoint_auth_method: OidcProvider['token_endpoint_auth_method'];
  /** Empty: made from the name. */
  redirect_uri: string;
  post_logout_redirect_uri: string;
  scopes: string[];
}

/** The form of a provider, or of a new one. */
export function draftOf(provider: Provider | undefined, origin: string): ProviderDraft {
  const saml: Partial<RbacManagerSamlConfiguration> = provider?.kind === 'saml' ? provider.settings : {};
  const oidc: Partial<OidcProvider> = provider?.kind === 'oidc' ? provider.settings : {};
  const common = provider?.settings;
  return {
    kind: provider?.kind ?? 'saml',
    name: common?.name ?? '',
    enabled: common?.enabled ?? true,
    sp_entity_id: saml.sp_entity_id ?? origin,
    acs_url: saml.acs_url ?? '',
    acs_https_port: saml.acs_https_port !== undefined && saml.acs_https_port > 0 ? saml.acs_https_port : '',
    metadata: saml.idp_metadata_xml === undefined ? 'url' : 'xml',
    idp_metadata_url: saml.idp_metadata_url ?? '',
    idp_metadata_xml: saml.idp_metadata_xml ?? '',
    require_signed_assertions: saml.require_signed_assertions ?? true,
    require_signed_response: saml.require_signed_response ?? true,
    issuer: oidc.issuer ?? '',
    client_id: oidc.client_id ?? '',
    client_secret: '',
    token_endpoint_auth_method: oidc.token_endpoint_auth_method ?? 'client_secret_basic',
    redirect_uri: oidc.redirect_uri ?? '',
    post_logout_redirect_uri: oidc.post_logout_redirect_uri ?? '',
    scopes: oidc.scopes ?? ['openid', 'profile', 'email'],
    idp_username_attribute: common?.idp_username_attribute ?? '',
    idp_account_attribute: common?.idp_account_attribute ?? '',
    idp_role_attribute: common?.idp_role_attribute ?? '',
    idp_groups_attribute: common?.idp_groups_attribute ?? '',
    default_account: common?.default_account ?? '',
    default_role: common?.default_role ?? '',
  };
}

/** Addresses of this server that follow from the name of a provider. */
export function usualAddresses(name: string, origin: string): { acs_url: string; redirect_uri: string } {
  const part = encodeURIComponent(name.trim() || 'name');
  return {
    acs_url: `${origin}/v2/windlass/saml/acs/${part}`,
    redirect_uri: `${origin}/v2/windlass/oidc/callback/${part}`,
  };
}

const filled = (text: string): string | undefined => text.trim() || undefined;

function mappingOf(draft: ProviderDraft) {
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    idp_username_attribute: filled(draft.idp_username_attribute),
    idp_account_attribute: filled(draft.idp_account_attribute),
    idp_role_attribute: filled(draft.idp_role_attribute),
    idp_groups_attribute: filled(draft.idp_groups_attribute),
    default_account: filled(draft.default_account),
    default_role: filled(draft.default_role),
  };
}

/** Body of a SAML provider; empty fields are left out. */
export function samlBody(draft: ProviderDraft, origin: string) {
  return {
    ...mappingOf(draft),
    sp_entity_id: draft.sp_entity_id.trim(),
    acs_url: filled(draft.acs_url) ?? usualAddresses(draft.name, origin).acs_url,
    acs_https_port: draft.acs_https_port === '' ? undefined : draft.acs_https_port,
    ...(draft.metadata === 'url'
      ? { idp_metadata_url: filled(draft.idp_metadata_url) }
      : { idp_metadata_xml: filled(draft.idp_metadata_xml) }),
    require_signed_assertions: draft.require_signed_assertions,
    require_signed_response: draft.require_signed_response,
  };
}

/** Body of an OpenID provider; empty fields are left out, and so is a secret that stays as it is. */
export function oidcBody(draft: ProviderDraft, origin: string) {
  const secret = draft.token_endpoint_auth_method === 'none' ? undefined : draft.client_secret || undefined;
  return {
    ...mappingOf(draft),
    issuer: draft.issuer.trim(),
    client_id: draft.client_id.trim(),
    client_secret: secret,
    token_endpoint_auth_method: draft.token_endpoint_auth_method,
    redirect_uri: filled(draft.redirect_uri) ?? usualAddresses(draft.name, origin).redirect_uri,
    post_logout_redirect_uri: filled(draft.post_logout_redirect_uri),
    scopes: draft.scopes,
  };
}
