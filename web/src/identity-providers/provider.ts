import { type RbacManagerSamlConfiguration, samlOperations } from '#contract/saml.ts';
import { type OidcProvider, windlassSsoOperations } from '#contract/windlass-sso.ts';

/** A provider of either kind. Names of both kinds are in one space. */
export type Provider =
  | { kind: 'saml'; settings: RbacManagerSamlConfiguration }
  | { kind: 'oidc'; settings: OidcProvider };

export const KIND_NAMES = { saml: 'SAML 2.0', oidc: 'OpenID Connect' } as const;

/** What is read of providers, and so made old by a change. */
export const PROVIDER_READS = [
  samlOperations.list_idps,
  samlOperations.get_idp,
  windlassSsoOperations.list_oidc_providers,
  windlassSsoOperations.list_sign_in_options,
] as const;

/** An address that administrators of a provider need to know of this server. */
export interface ServerAddress {
  name: string;
  address: string;
}

/** What of this server is registered at a provider. `origin` is how browsers reach this server. */
export function serverAddresses({ kind, settings }: Provider, origin: string): ServerAddress[] {
  const name = encodeURIComponent(settings.name);
  if (kind === 'oidc')
    return [
      { name: 'Redirect URI', address: settings.redirect_uri },
      { name: 'Back-channel logout URI', address: `${origin}/v2/windlass/oidc/logout/${name}` },
    ];
  return [
    { name: 'Metadata of this server', address: metadataAddress(settings.name, origin) },
    { name: 'Entity id', address: settings.sp_entity_id },
    { name: 'Assertion consumer service', address: consumerAddress(settings) },
    { name: 'Single logout service', address: `${origin}/v2/windlass/saml/logout/${name}` },
  ];
}

/** Where the metadata of this server for a SAML provider is. */
export const metadataAddress = (name: string, origin: string): string =>
  `${origin}/v2/windlass/saml/metadata/${encodeURIComponent(name)}`;

/** The address for responses with its port replaced, as the server does it. */
function consumerAddress({ acs_url: address, acs_https_port: port = -1 }: RbacManagerSamlConfiguration): string {
  if (port < 1 || port === 443 || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}

/** Where a browser goes to sign in through a provider. */
export const signInAddress = ({ kind, settings }: Provider): string =>
  `/v2/windlass/${kind}/login/${encodeURIComponent(settings.name)}`;
