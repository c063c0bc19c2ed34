import { isIPv4, isIPv6 } from 'node:net';

/** A network: its address as a number of 32 or 128 bits and the length of its prefix. */
interface Network {
  family: 4 | 6;
  base: bigint;
  prefix: number;
}

interface Rule extends Network {
  allow: boolean;
}

/** Decides whether an IP address may be connected to. */
export type AddressCheck = (address: string) => boolean;

/**
 * Never reached unless allowed by name: unspecified, link-local, multicast and broadcast addresses and the metadata
 * services of clouds, which hand out credentials to whoever asks from inside.
 */
export const DENIED_BY_DEFAULT: readonly string[] = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
];

/**
 * Builds the check from CIDR lists (a plain address is its own network). The longest matching prefix decides, then
 * configured rules beat the built-in ones, then deny beats allow. No match: allowed. Throws on a malformed entry.
 */
export function addressCheck(options: { deny?: readonly string[]; allow?: readonly string[] } = {}): AddressCheck {
  const rules: Rule[] = [
    ...(options.deny ?? []).map((text) => ({ ...parseNetwork(text), allow: false })),
    ...(options.allow ?? []).map((text) => ({ ...parseNetwork(text), allow: true })),
    ...DENIED_BY_DEFAULT.map((text) => ({ ...parseNetwork(text), allow: false })),
  ];
  return (text) => {
    const address = parseAddress(text);
    if (!address) return false;
    let best: Rule | undefined;
    for (const rule of rules) {
      if (contains(rule, address) && (!best || rule.prefix > best.prefix)) best = rule;
    }
    return best ? best.allow : true;
  };
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address. */
export function parseNetwork(text: string): Network {
  const [ip = '', length, ...rest] = text.trim().split('/');
  const address = parseAddress(ip);
  const bits = address?.family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (!address || rest.length || !(prefix >= 0 && prefix <= bits))
    throw new Error(`'${text}' is not an address or a CIDR network`);
  return { ...address, base: mask(address.base, bits, prefix), prefix };
}

/** True when the address lies in the network. */
export function inNetwork(network: string, text: string): boolean {
  const address = parseAddress(text);
  return address ? contains(parseNetwork(network), address) : false;
}

function contains(network: Network, address: { family: 4 | 6; base: bigint }): boolean {
  if (network.family !== address.family) return false;
  return mask(address.base, network.family === 4 ? 32 : 128, network.prefix) === network.base;
}

function mask(value: bigint, bits: number, prefix: number): bigint {
  const rest = BigInt(bits - prefix);
  return (value >> rest) << rest;
}

/** An IPv6 address that stands for an IPv4 one (mapped, NAT64, 6to4) is read as that one. */
function parseAddress(text: string): { family: 4 | 6; base: bigint } | undefined {
  const plain = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return { family: 4, base: v4(plain) };
  if (!isIPv6(plain)) return undefined;
  const value = v6(plain);
  const low = value & 0xffffffffn;
  const high = value >> 32n;
  const embedded = high === 0xffffn || high === 0x64ff9b0000000000000000n;
  if (embedded) return { family: 4, base: low };
  if (value >> 112n === 0x2002n) return { family: 4, base: (value >> 80n) & 0xffffffffn };
  return { family: 6, base: value };
}

function v4(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function v6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = dotted ? v4(dotted[2]!) : 0n;
  const plain = dotted ? `${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}` : text;
  const [left = '', right] = plain.split('::');
  const head = left ? left.split(':') : [];
  const tail = right ? right.split(':') : [];
  const zeros = right === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}
