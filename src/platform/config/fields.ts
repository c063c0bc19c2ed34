import { isIP } from 'node:net';
import { z } from 'zod';

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

function word(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const lower = value.trim().toLowerCase();
  return TRUE.has(lower) ? true : FALSE.has(lower) ? false : value;
}

function numeral(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

function split(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A switch; the environment may say true/false, 1/0, yes/no, on/off. */
export function flag(fallback: boolean) {
  return z.preprocess(word, z.boolean({ error: 'expected true or false' })).default(fallback);
}

/** A whole number within bounds, both included. */
export function integer(fallback: number, min: number, max: number) {
  return z.preprocess(numeral, z.int().min(min).max(max)).default(fallback);
}

/** Seconds, whole. */
export function seconds(fallback: number, min = 0, max = 31_536_000) {
  return integer(fallback, min, max);
}

/** A text which may be absent; an empty environment variable counts as absent. */
export function text() {
  return z.string().min(1).optional();
}

/** Comma-separated in the environment, a list in the file. */
export function words() {
  return z.preprocess(split, z.array(z.string()));
}

/** Whether the text is an IP address or a network in CIDR notation. */
export function isNetwork(value: string): boolean {
  const slash = value.indexOf('/');
  const address = slash === -1 ? value : value.slice(0, slash);
  const version = isIP(address);
  if (version === 0) return false;
  if (slash === -1) return true;
  const bits = value.slice(slash + 1);
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** A list of addresses or networks in CIDR notation. */
export function networks() {
  const network = z.string().refine(isNetwork, { error: 'expected an address or a network such as 10.0.0.0/8' });
  return z.preprocess(split, z.array(network)).default([]);
}

/** An absolute http(s) address. */
export function httpUrl() {
  return z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' });
}
