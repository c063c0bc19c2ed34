import type { ExternalSignIn } from '#features/accounts/index.ts';
import { findRole, grantable } from '#platform/auth/roles.ts';
import { badRequest, forbidden } from '#shared/errors.ts';
import type { MappedGroupRow } from './provider-store.ts';
import type { ClaimMapping, Claims } from './types.ts';

/** Accounts that no provider may put anybody into. */
const CLOSED_ACCOUNTS: ReadonlySet<string> = new Set(['admin', 'anchore-system', 'system']);

/** Throws 400 unless the mapping says where accounts come from, and roles from one place at most. */
export function checkMapping(mapping: ClaimMapping): void {
  const { default_account, default_role } = mapping;
  if (default_role !== undefined && mapping.idp_role_attribute !== undefined)
    throw badRequest("'default_role' and 'idp_role_attribute' exclude each other");
  if (default_account === undefined && mapping.idp_account_attribute === undefined)
    throw badRequest("one of 'default_account', 'idp_account_attribute' is a required property");
  if (default_account !== undefined && CLOSED_ACCOUNTS.has(default_account.toLowerCase()))
    throw badRequest(`Invalid default_account: ${default_account} is not for users of an identity provider`);
  if (default_role === undefined) return;
  const role = findRole(default_role);
  if (!role) throw badRequest(`Invalid default_role: there is no role ${default_role}`);
  if (!grantable(role, 'account'))
    throw badRequest(`Invalid default_role: ${default_role} cannot be given in an account`);
}

/** The mapping as stored: empty texts, which forms send for fields that are not filled in, count as absent. */
export function withoutEmpty<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '' && value != null)) as T;
}

/**
 * What a sign-in means here. An attribute that is configured must be there, with a value, at every sign-in: taking it
 * away at the provider is how somebody is shut out. Throws 403.
 */
export function mapClaims(
  provider: string,
  mapping: ClaimMapping,
  groupsAttribute: string,
  mapped: readonly MappedGroupRow[],
  claims: Claims,
): ExternalSignIn {
  const { idp_username_attribute, idp_account_attribute, idp_role_attribute, default_account } = mapping;
  const names =
    idp_username_attribute === undefined ? [claims.subject ?? ''] : required(claims, idp_username_attribute);
  const [username = ''] = names;
  if (names.length > 1) throw refused(`the attribute ${idp_username_attribute} has more than one value`);
  if (username === '') throw refused('it names no user; configure idp_username_attribute');
  const accounts =
    idp_account_attribute === undefined ? [default_account ?? ''] : required(claims, idp_account_attribute);
  const homeAccount = accounts.length > 1 ? default_account : accounts[0];
  if (!homeAccount) throw refused('it names several accounts, and no default account is configured');
  for (const account of [homeAccount, ...accounts]) {
    if (CLOSED_ACCOUNTS.has(account.toLowerCase())) throw refused(`nobody may sign in to the account ${account}`);
  }
  const roles = idp_role_attribute === undefined ? [mapping.default_role ?? ''] : required(claims, idp_role_attribute);
  const held = new Set(
    (claims.attributes.get(mapping.idp_groups_attribute ?? groupsAttribute) ?? []).flatMap(groupNames),
  );
  return {
    provider,
    source: claims.source,
    username,
    homeAccount,
    accounts: [...new Set(accounts)],
    roles: roles.filter((role) => role !== ''),
    groups: mapped.filter((group) => held.has(group.name)).map((group) => group.group_uuid),
  };
}

function required(claims: Claims, name: string): string[] {
  const values = (claims.attributes.get(name) ?? []).map((value) => value.trim()).filter((value) => value !== '');
  if (values.length === 0) throw refused(`the attribute ${name} is missing or empty`);
  return [...new Set(values)];
}

/** A group is named as it is; directories send the whole distinguished name (RFC 4514), whose first part is the name. */
function groupNames(value: string): string[] {
  const name = /^cn=((?:[^\\,+"<>;=]|\\[ ,+"\\<>;=#])+),/i.exec(value)?.[1];
  return name === undefined ? [value] : [value, name.replace(/\\(.)/g, '$1').trim()];
}

function refused(reason: string): Error {
  return forbidden(`Not authorized. The sign-in is refused: ${reason}`);
}
