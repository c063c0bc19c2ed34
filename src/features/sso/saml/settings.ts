import type { RbacManagerSamlConfiguration } from '#contract/saml.ts';
import { badRequest } from '#shared/errors.ts';

/** What is stored of a SAML provider beside its name, state and dates. */
export type SamlSettings = Omit<
  RbacManagerSamlConfiguration,
  'name' | 'enabled' | 'created_at' | 'last_updated' | 'require_existing_users' | 'idp_metadata_xml'
> & { idp_metadata_xml?: string | undefined };

/** The address to which the provider sends its responses: `acs_https_port` of 1 and above replaces the port. */
export function acsUrl(settings: Pick<SamlSettings, 'acs_url' | 'acs_https_port'>): string {
  const port = settings.acs_https_port ?? -1;
  if (port < 1 || port === 443) return settings.acs_url;
  const url = new URL(settings.acs_url);
  url.port = String(port);
  return url.href;
}

/** Whether login requests are signed: as the administrator says, else as the provider wants it. */
export function signsRequests(settings: Pick<SamlSettings, 'sign_requests'>, wanted: boolean): boolean {
  return settings.sign_requests ?? wanted;
}

/** Address of this server for logout messages: beside the one for responses, whatever is in front of this server. */
export function logoutUrl(name: string, settings: Pick<SamlSettings, 'acs_url' | 'acs_https_port'>): string {
  const url = new URL(acsUrl(settings));
  const [, base = ''] = /^(.*)\/(?:v2\/windlass\/saml\/acs|service\/sso\/auth)\/[^/]+\/?$/.exec(url.pathname) ?? [];
  return `${url.origin}${base}/v2/windlass/saml/logout/${name}`;
}

/** Throws 400 unless the addresses can be used. */
export function checkAddresses(settings: SamlSettings): void {
  if (settings.sp_entity_id.trim() === '') throw badRequest('Invalid sp_entity_id: it must not be empty');
  if (!isWebAddress(settings.acs_url)) throw badRequest('Invalid acs_url: it must be an address with https or http');
  const { acs_https_port: port, idp_metadata_url: url } = settings;
  if (port !== undefined && port !== -1 && (port < 1 || port > 65_535))
    throw badRequest('Invalid acs_https_port: it must be a port, or -1 for 443');
  if ((url === undefined) === (settings.idp_metadata_xml === undefined))
    throw badRequest("exactly one of 'idp_metadata_url', 'idp_metadata_xml' is a required property");
  if (url !== undefined && !isWebAddress(url))
    throw badRequest('Invalid idp_metadata_url: it must be an address with https or http');
}

/** Whether a text is an absolute address of the web, without credentials in it. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
