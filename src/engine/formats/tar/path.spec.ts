import { describe, expect, it } from 'vitest';
import { cleanPath } from './path.ts';

describe('cleanPath', () => {
  it.each([
    ['a/b', '/a/b'],
    ['/a/b/', '/a/b'],
    ['./a//b/.', '/a/b'],
    ['a/../b', '/b'],
    ['.', '/'],
    ['./', '/'],
    ['', '/'],
    ['...', '/...'],
    ['.a/..b', '/.a/..b'],
    ['ä/ö', '/ä/ö'],
  ])('cleans %j', (name, path) => {
    expect(cleanPath(Buffer.from(name))).toEqual({ path, lossy: false });
  });

  it.each([
    ['..', 'escape'],
    ['../x', 'escape'],
    ['a/../../a', 'escape'],
    ['a\0b', 'nul'],
    ['x'.repeat(20_000), 'too-long'],
  ])('rejects %j', (name, rejected) => {
    expect(cleanPath(Buffer.from(name))).toEqual({ rejected });
  });

  it('shows bytes that are not UTF-8 as replacement marks', () => {
    expect(cleanPath(Uint8Array.of(0x61, 0xff))).toEqual({ path: '/a\ufffd', lossy: true });
  });
});
