import type { TarEntryType } from './types.ts';

/** Size of a tar block, bytes. */
export const BLOCK = 512;

/** Fields of one 512-byte header block, before extensions. `name` and `link` are views of the block. */
export interface RawHeader {
  flag: number;
  name: Uint8Array;
  link: Uint8Array;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: number;
  deviceMajor: number;
  deviceMinor: number;
}

/** True when the block at `at` is all zero: half of an end-of-archive mark. */
export function isZeroBlock(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) if (bytes[i] !== 0) return false;
  return true;
}

const NOTHING = new Uint8Array(0);

/** A byte field up to its first NUL: a view. */
export function field(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (bytes[at] === 0) return NOTHING;
  let end = at + 1;
  while (end < at + length && bytes[end] !== 0) end++;
  return bytes.subarray(at, end);
}

/**
 * A number field: octal text, padded with spaces or NUL, or base-256 (first bit set, two's complement) as GNU and star
 * write what does not fit. NaN when it is neither.
 */
export function numberField(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at]!;
  if (first & 0x80) return base256(bytes, at, length);
  let i = at;
  const end = at + length;
  while (i < end && (bytes[i] === 0x20 || bytes[i] === 0)) i++;
  let value = 0;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 0 || byte === 0x20) break;
    if (byte < 0x30 || byte > 0x37) return Number.NaN;
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

function base256(bytes: Uint8Array, at: number, length: number): number {
  const negative = (bytes[at]! & 0x40) !== 0;
  let value = negative ? (bytes[at]! & 0x7f) - 0x80 : bytes[at]! & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + bytes[i]!;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Verifies the checksum, with unsigned bytes (POSIX) or signed ones (old writers). */
export function checksumHolds(bytes: Uint8Array, at: number): boolean {
  const claimed = numberField(bytes, at + 148, 8);
  let unsigned = 8 * 0x20;
  for (let i = at; i < at + 148; i++) unsigned += bytes[i]!;
  for (let i = at + 156; i < at + BLOCK; i++) unsigned += bytes[i]!;
  if (unsigned === claimed) return true;
  let high = 0;
  for (let i = at; i < at + BLOCK; i++) if ((i < at + 148 || i >= at + 156) && bytes[i]! & 0x80) high++;
  return unsigned - 256 * high === claimed;
}

/** Reads a header block whose checksum holds. Dialects: v7, ustar (with prefix), star, GNU. */
export function parseHeader(bytes: Uint8Array, at: number): RawHeader {
  const name = field(bytes, at, 100);
  return {
    flag: bytes[at + 156]!,
    name: withPrefix(bytes, at, name),
    link: field(bytes, at + 157, 100),
    mode: numberField(bytes, at + 100, 8) & 0o7777,
    uid: number0(numberField(bytes, at + 108, 8)),
    gid: number0(numberField(bytes, at + 116, 8)),
    size: numberField(bytes, at + 124, 12),
    mtime: number0(numberField(bytes, at + 136, 12)),
    deviceMajor: number0(numberField(bytes, at + 329, 8)),
    deviceMinor: number0(numberField(bytes, at + 337, 8)),
  };
}

function number0(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** GNU headers (`ustar` and two spaces) use the prefix area for other things; star has times in its last 24 bytes. */
function withPrefix(bytes: Uint8Array, at: number, name: Uint8Array): Uint8Array {
  if (bytes[at + 345] === 0 || !matches(bytes, at + 257, 'ustar\0')) return name;
  const star = matches(bytes, at + 508, 'tar\0');
  const prefix = field(bytes, at + 345, star ? 131 : 155);
  const joined = new Uint8Array(prefix.length + 1 + name.length);
  joined.set(prefix);
  joined[prefix.length] = 0x2f;
  joined.set(name, prefix.length + 1);
  return joined;
}

function matches(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Type of an ordinary entry, or undefined for records that describe no file (volume labels, continuations). */
export function entryType(flag: number, name: Uint8Array): TarEntryType | undefined {
  switch (flag) {
    case 0x31:
      return 'hardlink';
    case 0x32:
      return 'symlink';
    case 0x33:
      return 'character-device';
    case 0x34:
      return 'block-device';
    case 0x35:
    case 0x44: // D: GNU directory with a list of its names as content
      return 'directory';
    case 0x36:
      return 'fifo';
    case 0x4d: // M: continuation of a file of another volume
    case 0x4e: // N: old GNU list of long names
    case 0x56: // V: volume label
      return undefined;
    default:
      // v7 has no directory flag: a trailing slash tells.
      return flag === 0 && name[name.length - 1] === 0x2f ? 'directory' : 'file';
  }
}
