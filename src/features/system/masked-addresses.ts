import type { SystemConfigurationValue } from '#contract/configurations.ts';
import { badRequest } from '#shared/errors.ts';
import { MASK, maskedUrl, unmaskedUrl } from '#shared/masked-url.ts';

/** `https://…`, or `name=https://…`. */
const ADDRESS = /^((?:[A-Za-z0-9._-]+=)?)(https?:\/\/.*)$/is;

/** A value as it may be shown: what gives access is masked in its addresses. */
export function maskedAddresses(value: SystemConfigurationValue): SystemConfigurationValue {
  if (Array.isArray(value)) return value.map((one) => maskedAddresses(one as string)) as SystemConfigurationValue;
  const [, name, address] = typeof value === 'string' ? (ADDRESS.exec(value) ?? []) : [];
  return address === undefined ? value : `${name}${maskedUrl(address)}`;
}

/** The value that is meant by one with masked addresses, beside the value so far. Throws 400 when that cannot be told. */
export function unmaskedAddresses(
  given: SystemConfigurationValue,
  former: SystemConfigurationValue,
): SystemConfigurationValue {
  const known = (Array.isArray(former) ? former : [former]).filter((one) => typeof one === 'string');
  if (Array.isArray(given)) return given.map((one) => unmasked(one, known)) as SystemConfigurationValue;
  return unmasked(given, known);
}

function unmasked(given: unknown, known: readonly string[]): SystemConfigurationValue {
  if (typeof given !== 'string' || !given.includes(MASK)) return given as SystemConfigurationValue;
  const [, name = '', address] = ADDRESS.exec(given) ?? [];
  if (address === undefined) return given;
  for (const one of known) {
    const [, ownName = '', stored] = ADDRESS.exec(one) ?? [];
    const meant = name === ownName ? unmaskedUrl(address, stored) : undefined;
    if (meant !== undefined) return `${name}${meant}`;
  }
  throw badRequest(`Invalid value: give the parts of the address that are masked as ${MASK}`);
}
