import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from './byte-source.ts';
import { buildElf } from './elf/elf-builder.fixture.ts';
import { findSection, looksExecutable, openExecutables, readAddress } from './executable.ts';

const SECTIONS = [
  { name: '.rodata', content: Buffer.from('constant text') },
  { name: '.data', content: Buffer.from('variable'), writable: true },
];

describe('openExecutables', () => {
  it.each([
    [{ wide: true, little: true }],
    [{ wide: true, little: false }],
    [{ wide: false, little: true }],
    [{ wide: false, little: false }],
  ])('reads sections and mappings of ELF %j', (options) => {
    const source = memorySource(buildElf(SECTIONS, options));
    const [file] = openExecutables(source);
    expect(file).toMatchObject({
      format: 'elf',
      bits: options.wide ? 64 : 32,
      littleEndian: options.little,
      isProgram: true,
    });
    const section = findSection(file!, '.rodata')!;
    expect(Buffer.from(source.read(section.offset, section.size)).toString()).toBe('constant text');
    expect(Buffer.from(readAddress(file!, section.address + 9, 4)!).toString()).toBe('text');
    expect(findSection(file!, '.data')?.writable).toBe(true);
    expect(readAddress(file!, 1, 4)).toBeUndefined();
  });

  it('does not take a Java class for a universal Mach-O file', () => {
    expect(looksExecutable(Buffer.from('cafebabe0000003d00000000', 'hex'))).toBe(false);
    expect(looksExecutable(Buffer.from('cafebabe0000000200000000', 'hex'))).toBe(true);
  });

  it('never throws on damaged or random files', () => {
    const magics = [
      '7f454c4602010100',
      '7f454c4601020100',
      '4d5a',
      'cffaedfe',
      'feedface',
      'cafebabe00000002',
      'cafebabf00000001',
    ];
    const good = buildElf(SECTIONS);
    const random = fc
      .tuple(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 600 }))
      .map(([magic, rest]) => Buffer.concat([Buffer.from(magic, 'hex'), rest]));
    const damaged = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 })
      .map((changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(random, damaged), (bytes) => {
        for (const file of openExecutables(memorySource(bytes))) {
          for (const section of file.sections) expect(section.size).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
