import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBufferedInflater } from './buffered-inflate.ts';
import { detectCompression, InflateError, openInflater } from './inflate.ts';

const A = Buffer.from('first '.repeat(60_000));
const B = Buffer.from('second');
/** Magic of a skippable frame, length, content. */
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

function run(open: typeof openInflater, compression: 'gzip' | 'zstd', input: Uint8Array, step = 777): string {
  const parts: Buffer[] = [];
  const inflater = open(compression, (chunk) => parts.push(Buffer.from(chunk)));
  try {
    for (let at = 0; at < input.length; at += step) inflater.write(input.subarray(at, at + step));
    inflater.end();
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    return `${error.truncated ? 'cut' : 'damaged'} after ${Buffer.concat(parts).length > 0}`;
  } finally {
    inflater.close();
  }
  return Buffer.concat(parts).toString();
}

describe.each([
  ['engine', openInflater],
  ['public functions', openBufferedInflater],
] as const)('%s', (_, open) => {
  it.each<[string, 'gzip' | 'zstd', Uint8Array, string]>([
    ['gzip', 'gzip', gzipSync(A), A.toString()],
    ['gzip of several members', 'gzip', Buffer.concat([gzipSync(A), gzipSync(B)]), `${A}${B}`],
    ['gzip with padding', 'gzip', Buffer.concat([gzipSync(B), Buffer.alloc(1024)]), 'second'],
    ['cut gzip', 'gzip', gzipSync(A).subarray(0, -20), 'cut after true'],
    ['gzip with a wrong checksum', 'gzip', wrong(gzipSync(B), -6), 'damaged after true'],
    ['zstd', 'zstd', zstdCompressSync(A), A.toString()],
    ['zstd of several frames', 'zstd', Buffer.concat([zstdCompressSync(A), zstdCompressSync(B)]), `${A}${B}`],
    ['zstd with skippable frames', 'zstd', Buffer.concat([SKIPPABLE, zstdCompressSync(B), SKIPPABLE]), 'second'],
  ])('%s', (name, compression, input, expected) => {
    const found = run(open, compression, input);
    if (name.includes('checksum')) expect(found).toMatch(/^damaged/);
    else expect(found).toBe(expected);
  });

  it('never throws anything else on noise', () => {
    for (let seed = 0; seed < 50; seed++) {
      const noise = Buffer.from(gzipSync(A));
      noise[12 + seed * 7] = seed;
      expect(typeof run(open, 'gzip', noise)).toBe('string');
    }
  });
});

function wrong(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length + at]! ^= 0xff;
  return copy;
}

describe('detectCompression', () => {
  it.each([
    ['gzip', gzipSync('')],
    ['zstd', zstdCompressSync(B)],
    ['zstd', SKIPPABLE],
    ['xz', Buffer.from('fd377a585a00', 'hex')],
    ['bzip2', Buffer.from('BZh91AY')],
    ['none', Buffer.from('etc/')],
    ['none', Buffer.alloc(0)],
  ])('%s', (name, head) => expect(detectCompression(head)).toBe(name));
});
