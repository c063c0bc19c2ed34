import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { RbacManagerSamlConfiguration } from '#contract/saml.ts';
import type { OidcProvider } from '#contract/windlass-sso.ts';
import type { CliContext } from '../../context.ts';
import { usageFailure } from '../../failure.ts';
import { readSecret } from '../../read-secret.ts';
import type { ServerOptions } from '../../server-command.ts';

/** Options that both kinds of provider have. */
export interface MappingOptions extends ServerOptions {
  server?: string;
  enabled?: boolean;
  usernameAttribute?: string;
  accountAttribute?: string;
  roleAttribute?: string;
  groupsAttribute?: string;
  defaultAccount?: string;
  defaultRole?: string;
}

/** Options of a SAML provider. */
export interface SamlOptions extends MappingOptions {
  metadata?: string;
  entityId?: string;
  acsUrl?: string;
  signRequests?: boolean;
  signedAssertions?: boolean;
  signedResponse?: boolean;
}

/** Options of an OpenID provider. */
export interface OidcOptions extends MappingOptions {
  issuer?: string;
  clientId?: string;
  clientSecret?: string;
  redirectUri?: string;
  logoutUri?: string;
}

/** Adds what both kinds have to a command. */
export function mappingOptions(command: Command): Command {
  return command
    .option('--server <url>', 'address of this server as browsers reach it')
    .addOption(new Option('--enable', 'let users sign in through it').conflicts('disable').implies({ enabled: true }))
    .addOption(new Option('--disable', 'let nobody sign in through it').implies({ enabled: false }))
    .option('--username-attribute <name>', 'attribute with the user name')
    .option('--account-attribute <name>', 'attribute with accounts')
    .option('--role-attribute <name>', 'attribute with roles')
    .option('--groups-attribute <name>', 'attribute with user groups')
    .option('--default-account <name>', 'home account of its users')
    .option('--default-role <name>', 'role of its users');
}

/** The fields of the mapping that were named. */
export function statedMapping(options: MappingOptions): Record<string, string> {
  const fields = {
    idp_username_attribute: options.usernameAttribute,
    idp_account_attribute: options.accountAttribute,
    idp_role_attribute: options.roleAttribute,
    idp_groups_attribute: options.groupsAttribute,
    default_account: options.defaultAccount,
    default_role: options.defaultRole,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** The SAML settings that were named; a new provider needs its metadata and our address. Throws CliFailure. */
export async function samlSettings(
  name: string,
  options: SamlOptions,
  before?: RbacManagerSamlConfiguration,
): Promise<Record<string, unknown>> {
  const server = options.server?.replace(/\/+$/, '');
  const acsUrl = options.acsUrl ?? (server && `${server}/v2/windlass/saml/acs/${name}`);
  const entityId = options.entityId ?? (before || !server ? undefined : `${server}/v2/windlass/saml/metadata/${name}`);
  if (!before && options.metadata === undefined) throw usageFailure('--metadata is missing');
  if (!before && (acsUrl === undefined || entityId === undefined))
    throw usageFailure('--server is missing', 'Or give --acs-url and --entity-id.');
  return {
    ...(await metadataOf(options.metadata)),
    ...(acsUrl === undefined ? {} : { acs_url: acsUrl }),
    ...(entityId === undefined ? {} : { sp_entity_id: entityId }),
    ...(options.signRequests === undefined ? {} : { sign_requests: options.signRequests }),
    ...(options.signedAssertions === undefined ? {} : { require_signed_assertions: options.signedAssertions }),
    ...(options.signedResponse === undefined ? {} : { require_signed_response: options.signedResponse }),
  };
}

async function metadataOf(place: string | undefined): Promise<Record<string, string | undefined>> {
  if (place === undefined) return {};
  if (/^https?:\/\//.test(place)) return { idp_metadata_url: place, idp_metadata_xml: undefined };
  try {
    return { idp_metadata_xml: await readFile(place, 'utf8'), idp_metadata_url: undefined };
  } catch (error) {
    throw usageFailure(`${place} cannot be read: ${(error as Error).message}`);
  }
}

/** The OpenID settings that were named; a new provider needs issuer, client and our address. Throws CliFailure. */
export async function oidcSettings(
  cli: Pick<CliContext, 'stdin'>,
  name: string,
  options: OidcOptions,
  before?: OidcProvider,
): Promise<Record<string, unknown>> {
  const server = options.server?.replace(/\/+$/, '');
  const redirectUri = options.redirectUri ?? (server && `${server}/v2/windlass/oidc/callback/${name}`);
  for (const [flag, value] of [
    ['--issuer', options.issuer],
    ['--client-id', options.clientId],
    ['--server', redirectUri],
  ]) {
    if (!before && value === undefined) throw usageFailure(`${flag} is missing`);
  }
  const secret = options.clientSecret === '-' ? await readSecret(cli) : options.clientSecret;
  const fields = {
    issuer: options.issuer,
    client_id: options.clientId,
    client_secret: secret,
    redirect_uri: redirectUri,
    post_logout_redirect_uri: options.logoutUri,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
