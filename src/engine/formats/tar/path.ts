/** Longest path kept, bytes: PATH_MAX of Linux, four times over. */
export const MAX_PATH = 16_384;

/** A clean absolute path, or why the name cannot be one. */
export type CleanPath = { path: string; lossy: boolean } | { rejected: 'escape' | 'nul' | 'too-long' };

/** The first byte stays a slash. */
const scratch = Buffer.alloc(MAX_PATH + 2, '/');

/**
 * Turns the raw name of an entry into an absolute path: leading `/` and `./`, doubled and trailing slashes go, `..` is
 * applied. A name that climbs above the root is rejected, also when it comes back. Bytes that are not UTF-8 become U+FFFD.
 */
export function cleanPath(name: Uint8Array): CleanPath {
  if (name.length > MAX_PATH) return { rejected: 'too-long' };
  // Most names are clean but for a leading `./` or `/`; such ones are copied behind a slash and decoded at once.
  let start = 0;
  if (name[0] === 0x2e && name[1] === 0x2f) start = 2;
  else if (name[0] === 0x2f) start = 1;
  let plain = name.length > start;
  let high = 0;
  let segment = start;
  let length = 1;
  for (let i = start; i <= name.length; i++) {
    const byte = i < name.length ? name[i]! : 0x2f;
    if (byte === 0) return { rejected: 'nul' };
    high |= byte;
    if (byte === 0x2f) {
      const size = i - segment;
      // Only a single slash at the end is normal.
      if (size === 0 && !(i === name.length && i > start)) plain = false;
      if (size > 0 && size <= 2 && name[segment] === 0x2e && (size === 1 || name[segment + 1] === 0x2e)) plain = false;
      segment = i + 1;
    }
    scratch[length++] = byte;
  }
  const ascii = high < 0x80;
  if (plain) {
    // The loop ends with a slash of its own, and there may be one before it.
    const end = scratch[length - 2] === 0x2f ? length - 2 : length - 1;
    const path = ascii ? scratch.toString('latin1', 0, end) : scratch.toString('utf8', 0, end);
    return { path, lossy: !ascii && path.includes('\ufffd') };
  }
  const text = Buffer.from(name.buffer, name.byteOffset, name.length).toString('utf8');
  const lossy = !ascii && text.includes('\ufffd');
  const segments: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') segments.push(part);
    else if (segments.pop() === undefined) return { rejected: 'escape' };
  }
  return { path: `/${segments.join('/')}`, lossy };
}
