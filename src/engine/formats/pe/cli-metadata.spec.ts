import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../byte-source.ts';
import { readCliAssembly } from './cli-metadata.ts';
import { openPe } from './index.ts';
import { buildPe } from './pe-builder.fixture.ts';

function read(file: Uint8Array) {
  const pe = openPe(memorySource(file));
  return pe && readCliAssembly(pe);
}

const SAMPLE = buildPe({
  name: 'Sample',
  version: [1, 2, 3, 4],
  attributes: {
    AssemblyProductAttribute: 'A product',
    CLSCompliantAttribute: '',
    AssemblyCopyrightAttribute: '©'.repeat(150),
  },
  references: ['mscorlib', 'Other'],
});

describe('CLI metadata', () => {
  it('reads the assembly, its attributes and what it uses', () => {
    expect(read(SAMPLE)).toEqual({
      name: 'Sample',
      version: '1.2.3.4',
      attributes: { Product: 'A product', CLSCompliant: '', Copyright: '©'.repeat(150) },
      references: ['mscorlib', 'Other'],
    });
    expect(read(buildPe({ name: 'Sample.resources', culture: 'de' }))).toMatchObject({ culture: 'de' });
  });

  it('finds none in native code', () => {
    expect(read(buildPe())).toBeUndefined();
  });

  it('survives damage anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(SAMPLE.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(SAMPLE.length),
        (changes, cut) => {
          const file = Buffer.from(SAMPLE);
          for (const [at, value] of changes) file[at] = value;
          read(file);
          read(file.subarray(0, cut));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('does not believe in more rows than there are bytes', () => {
    const file = Buffer.from(SAMPLE);
    const tables = file.indexOf('#~') - 8;
    const at = file.indexOf('BSJB') + file.readUInt32LE(tables);
    for (let i = 0; i < 6; i++) file.writeUInt32LE(0xffffffff, at + 24 + i * 4);
    expect(read(file)).toBeUndefined();
  });
});
