import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../byte-source.ts';
import { readZipDirectory, readZipEntry, ZipError, zipEntrySource } from './index.ts';
import { buildZip } from './zip-builder.fixture.ts';

const FILES = [
  { name: 'a.txt', content: 'alpha '.repeat(100) },
  { name: 'dir/ü.txt', content: 'stored', stored: true },
];

function contents(bytes: Uint8Array): [string, string][] {
  const source = memorySource(bytes);
  return readZipDirectory(source).entries.map((entry) => [
    entry.name,
    Buffer.from(readZipEntry(source, entry, 1 << 20)).toString(),
  ]);
}

const EXPECTED = FILES.map(({ name, content }): [string, string] => [name, content]);

describe('readZipDirectory', () => {
  it.each([
    ['plain', {}],
    ['with a start script before it', { prefix: '#!/bin/sh\nexec java -jar "$0"\n' }],
    ['with a comment', { comment: 'made by hand' }],
    ['zip64', { zip64: true }],
    ['zip64 with a prefix', { zip64: true, prefix: '#!/bin/sh\n' }],
  ])('reads an archive: %s', (_, options) => {
    expect(contents(buildZip(FILES, options))).toEqual(EXPECTED);
  });

  it('reads an archive with bytes after it', () => {
    expect(contents(Buffer.concat([buildZip(FILES), Buffer.alloc(100)]))).toEqual(EXPECTED);
  });

  it('takes a comment that looks like an end record for a comment', () => {
    const comment = 'PK\u0005\u0006 and more than twenty-two bytes of text';
    expect(contents(buildZip(FILES, { comment }))).toEqual(EXPECTED);
  });

  it('says that a cut archive has no directory', () => {
    const bytes = buildZip(FILES);
    expect(() => readZipDirectory(memorySource(bytes.subarray(0, bytes.length - 30)))).toThrow(ZipError);
  });
});

describe('readZipEntry', () => {
  it.each([
    ['encrypted', [{ name: 'x', content: 'secret', encrypted: true }], 'encrypted'],
    ['a size that lies', [{ name: 'x', content: 'abc', claimedSize: 2 }], 'corrupt'],
    ['over the limit', [{ name: 'x', content: 'y'.repeat(2000) }], 'too-large'],
    ['a bomb', [{ name: 'x', content: '', claimedSize: 900 }], 'corrupt'],
  ])('refuses what is %s', (_, files, failure) => {
    const source = memorySource(buildZip(files));
    const [entry] = readZipDirectory(source).entries;
    expect(() => readZipEntry(source, entry!, 1000)).toThrow(expect.objectContaining({ failure }));
  });

  it('refuses growth that nothing honest has', () => {
    const source = memorySource(buildZip([{ name: 'zeros', content: Buffer.alloc(9 << 20) }]));
    const [entry] = readZipDirectory(source).entries;
    expect(() => readZipEntry(source, entry!, 1 << 30)).toThrow(expect.objectContaining({ failure: 'too-large' }));
  });

  it('gives stored entries as views', () => {
    const source = memorySource(buildZip(FILES));
    const stored = readZipDirectory(source).entries[1]!;
    expect(Buffer.from(zipEntrySource(source, stored, 100).read(2, 3)).toString()).toBe('ore');
  });

  it('never fails in another way on damaged archives', () => {
    const bytes = buildZip(FILES, { comment: 'c' });
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(bytes.length),
        (at, value, cut) => {
          const damaged = Buffer.from(bytes.subarray(0, bytes.length - (cut % 40 === 0 ? cut : 0)));
          if (at < damaged.length) damaged[at] = value;
          try {
            contents(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(ZipError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
