import { execFileSync, spawnSync } from 'node:child_process';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isXz, unpackXz } from './index.ts';

/** `hello hello hello hello\n`, packed with CRC-32 and a dictionary of 1 MiB. */
const HELLO = Buffer.from(
  '/Td6WFoAAAFpIt42AgAhARAAAACocI6G4AAXAAxdADQZSe6N6VYKwSGwAAAAiFkLAAEkGNvMAsKQQpkNAQAAAAABWVo=',
  'base64',
);
const LIMIT = 16 << 20;
const hasXz = spawnSync('xz', ['--version']).status === 0;

function packed(bytes: Uint8Array, ...options: string[]): Buffer {
  return execFileSync('xz', ['-0', '-c', ...options], { input: bytes, maxBuffer: 64 << 20 });
}

/** Bytes with repeats near and far, runs, and noise: all kinds of matches. */
function mixture(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let seed = 12_345;
  for (let at = 0; at < size; ) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    const length = Math.min(1 + ((seed >> 8) % 400), size - at);
    const back = 1 + ((seed >> 4) % Math.max(at, 1));
    if (seed % 3 === 0 || back > at) for (let i = 0; i < length; i++) bytes[at + i] = (seed * (i + 7)) >> (i % 13);
    else for (let i = 0; i < length; i++) bytes[at + i] = bytes[at + i - back] as number;
    at += length;
  }
  return bytes;
}

describe('xz', () => {
  it('unpacks', () => {
    expect(isXz(HELLO)).toBe(true);
    expect(Buffer.from(unpackXz(HELLO, 100)).toString()).toBe('hello hello hello hello\n');
    expect(Buffer.from(unpackXz(Buffer.concat([HELLO, Buffer.alloc(8), HELLO]), 100))).toHaveLength(48);
  });

  it.skipIf(!hasXz)('unpacks what xz packs, with all of its options (needs the program xz)', () => {
    for (const size of [0, 300, 300_000]) {
      const bytes = mixture(size);
      for (const options of [
        ['-6'],
        ['-1', '--check=sha256'],
        ['--check=none', '--lzma2=preset=0,lc=0,lp=2,pb=0'],
        ['-T2', '--block-size=90000'],
      ]) {
        expect(Buffer.compare(unpackXz(packed(bytes, ...options), LIMIT), bytes)).toBe(0);
      }
    }
  });

  it.skipIf(!hasXz)('refuses filters that it does not know (needs the program xz)', () => {
    expect(() => unpackXz(packed(mixture(1000), '--x86', '--lzma2=preset=0'), LIMIT)).toThrow(/filter/);
  });

  it.skipIf(!hasXz)('stops at its limit (needs the program xz)', () => {
    expect(() => unpackXz(packed(Buffer.alloc(2 << 20), '-0'), 1 << 20)).toThrow(/more than/);
  });

  it('refuses damage anywhere, or passes over what no check covers', () => {
    fc.assert(
      fc.property(fc.nat(HELLO.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
        const bytes = Buffer.from(HELLO);
        bytes[at] = (bytes[at] as number) ^ change;
        let text = '';
        try {
          text = Buffer.from(unpackXz(cut ? bytes.subarray(0, at) : bytes, 1000)).toString();
        } catch (error) {
          expect(error).toMatchObject({ name: 'XzError' });
          return;
        }
        expect(text).toBe('hello hello hello hello\n');
      }),
      { numRuns: 500 },
    );
  });

  it('survives any chunks behind honest headers', () => {
    // Stream header and block header of the sample, then noise in place of the data.
    const start = HELLO.subarray(0, 12 + ((HELLO[12] as number) + 1) * 4);
    expect(crc32(HELLO.subarray(6, 8))).toBe(HELLO.readUInt32LE(8));
    fc.assert(
      fc.property(
        fc.constantFrom(0x01, 0x80, 0xa0, 0xe0, 0xff),
        fc.uint8Array({ minLength: 8, maxLength: 4000, size: 'max' }),
        (control, noise) => {
          noise[0] = control;
          if (control >= 0x80) noise.set([0xff, 0xff, 0x00, 0xff, 0x5d, 0x00], 1);
          expect(() => unpackXz(Buffer.concat([start, noise]), LIMIT)).toThrow(/\w/);
        },
      ),
      { numRuns: 200 },
    );
  });
});
