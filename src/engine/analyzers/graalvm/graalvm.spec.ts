import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryContent } from '../../../../test/builders/memory-image.ts';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { readNativeImage } from './embedded-sbom.ts';
import { graalvmAnalyzer } from './index.ts';

const BASE = 0x400000;
const SBOM = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  components: [
    {
      type: 'library',
      group: 'io.netty',
      name: 'netty-codec',
      version: '4.1.100',
      purl: 'pkg:maven/io.netty/netty-codec@4.1.100',
    },
    { type: 'library', name: 'unnamed' },
  ],
});

/** A program with the two symbols; `length` is what it says of its SBOM. */
function program(
  packed: Buffer,
  { length = packed.length, names = ['sbom', 'sbom_length'], dynamic = true } = {},
): Buffer {
  const data = Buffer.alloc(16 + packed.length);
  data.writeBigUInt64LE(BigInt(length));
  packed.copy(data, 16);
  const strings = Buffer.from(`\0${names.join('\0')}\0`);
  const symbols = Buffer.alloc(72);
  const build = () =>
    buildElf(
      [
        { name: '.data', content: data },
        { name: dynamic ? '.dynsym' : '.symtab', content: symbols },
        { name: dynamic ? '.dynstr' : '.strtab', content: strings },
        { name: '.bulk', content: Buffer.alloc(1 << 20) },
      ],
      { base: BASE },
    );
  const at = build().indexOf(data);
  for (const [i, address] of [BASE + at + 16, BASE + at].entries()) {
    symbols.writeUInt32LE(strings.indexOf(`\0${names[i]}\0`) + 1, (i + 1) * 24);
    symbols.writeBigUInt64LE(BigInt(address), (i + 1) * 24 + 8);
  }
  return build();
}

const PROGRAM = program(gzipSync(SBOM));

describe('graalvm', () => {
  it.each([true, false])('reads the libraries of a program (dynamic symbols: %s)', (dynamic) => {
    const { packages, problems } = analyzeFiles(graalvmAnalyzer, {
      '/app/server': program(gzipSync(SBOM), { dynamic }),
    });
    expect(problems).toEqual([]);
    expect(rows(packages)).toEqual(['netty-codec@4.1.100 /app/server']);
    expect(packages[0]).toMatchObject({
      type: 'graalvm-native-image',
      purl: 'pkg:maven/io.netty/netty-codec@4.1.100',
      metadata: { groupId: 'io.netty', artifactId: 'netty-codec' },
    });
    expect(packages[0]?.cpes[0]).toContain(':netty:');
  });

  it.each([
    ['a length beyond the end', program(gzipSync(SBOM), { length: 2 ** 40 })],
    ['no gzip', program(Buffer.from('plain text'))],
    ['no SBOM', program(gzipSync('[]'))],
  ])('says so when there is %s', (_, bytes) => {
    const { packages, problems } = analyzeFiles(graalvmAnalyzer, { '/app/server': bytes });
    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ code: 'embedded-sbom-unreadable', path: '/app/server' }]);
  });

  it('says nothing of other programs', () => {
    expect(readNativeImage(memoryContent(program(gzipSync(SBOM), { names: ['sbom', 'other'] })))).toBeUndefined();
    expect(readNativeImage(memoryContent(Buffer.from('no program')))).toBeUndefined();
  });

  it('survives damage of the headers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(PROGRAM);
        for (const [at, value] of changes) bytes[at] = value;
        readNativeImage(memoryContent(bytes));
      }),
      { numRuns: 100 },
    );
  });
});
