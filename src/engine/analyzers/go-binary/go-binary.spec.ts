import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { goBinaryAnalyzer } from './index.ts';
import { mainVersion } from './main-version.ts';
import { readModules, splitGoVersion } from './modules.ts';

const TEXT = [
  'path\texample.com/app/cmd/app',
  'mod\texample.com/app\t(devel)\t',
  'dep\tgithub.com/google/uuid\tv1.3.0',
  '=>\texample.com/fork/uuid\tv1.3.1\th1:abc=',
  'dep\tgolang.org/x/sys\tv0.3.0\th1:def=',
  'build\t-ldflags="-s -w -X main.version=1.7.0"',
  'build\tGOARCH=amd64',
  'build\tvcs.revision=0123456789abcdef0123456789abcdef01234567',
  'build\tvcs.time=2024-01-31T12:00:00Z',
  '',
].join('\n');

const SENTINEL = Buffer.alloc(16, 0x30);

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

/** Build information as linkers since Go 1.18 write it. */
function inlineBlob(version: string, text: string): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const modules = Buffer.concat([SENTINEL, Buffer.from(text), SENTINEL]);
  return Buffer.concat([
    header,
    Buffer.from(varint(version.length)),
    Buffer.from(version),
    Buffer.from(varint(modules.length)),
    modules,
  ]);
}

/** The older form: pointers to string headers, big or little endian. */
function pointerBlob(base: number, version: string, text: string, little: boolean): Buffer {
  const modules = Buffer.concat([SENTINEL, Buffer.from(text), SENTINEL]);
  const blob = Buffer.alloc(32 + 32 + version.length + modules.length);
  const put = (at: number, value: number) =>
    little ? blob.writeBigUInt64LE(BigInt(value), at) : blob.writeBigUInt64BE(BigInt(value), at);
  blob.write('\xff Go buildinf:', 'latin1');
  blob[14] = 8;
  blob[15] = little ? 0 : 1;
  put(16, base + 32);
  put(24, base + 48);
  put(32, base + 64);
  put(40, version.length);
  put(48, base + 64 + version.length);
  put(56, modules.length);
  blob.write(version, 64);
  modules.copy(blob, 64 + version.length);
  return blob;
}

function program(blob: Buffer, options: { little?: boolean; section?: string } = {}): Buffer {
  return buildElf(
    [
      { name: options.section ?? '.go.buildinfo', content: blob, writable: true },
      { name: '.text', content: Buffer.alloc(120 << 10) },
    ],
    { little: options.little ?? true },
  );
}

describe('go binaries', () => {
  const EXPECTED = [
    'example.com/app@1.7.0 /bin/app',
    'example.com/fork/uuid@v1.3.1 /bin/app',
    'golang.org/x/sys@v0.3.0 /bin/app',
    'stdlib@go1.19.8 /bin/app',
  ];
  // Header 64, segment 56, padded to 16: the first section starts at 128.
  const base = 0x400000 + 128;

  it.each([
    ['inline', program(inlineBlob('go1.19.8', TEXT))],
    ['in data, without a section of its own', program(inlineBlob('go1.19.8', TEXT), { section: '.data' })],
    ['pointers', program(pointerBlob(base, 'go1.19.8', TEXT, true))],
    ['pointers, big endian', program(pointerBlob(base, 'go1.19.8', TEXT, false), { little: false })],
  ])('reads build information: %s', (_, bytes) => {
    const { packages, relationships } = analyzeFiles(goBinaryAnalyzer, { '/bin/app': bytes });
    expect(rows(packages)).toEqual(EXPECTED);
    expect(packages[1]?.metadata.replaces).toEqual({ path: 'github.com/google/uuid', version: 'v1.3.0' });
    expect(packages[3]).toMatchObject({
      purl: 'pkg:golang/stdlib@1.19.8',
      cpes: ['cpe:2.3:a:golang:go:1.19.8:-:*:*:*:*:*:*'],
    });
    expect(relationships).toHaveLength(3);
  });

  it.each([
    ['example.com/tools/cmd/thing', ['example.com/tools/cmd/thing@(devel)', 'stdlib@go1.19.8']],
    ['cmd/go', ['stdlib@go1.19.8']],
    ['command-line-arguments', ['stdlib@go1.19.8']],
  ])('names a program built without modules by its main package: %s', (path, expected) => {
    const bytes = program(inlineBlob('go1.19.8', `path\t${path}\nbuild\tCGO_ENABLED=0\n`));
    const { packages } = analyzeFiles(goBinaryAnalyzer, { '/bin/app': bytes });
    expect(packages.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(expected);
  });

  it('says that packed programs cannot be seen into', () => {
    const bytes = program(Buffer.from('UPX!'), { section: '.data' });
    expect(analyzeFiles(goBinaryAnalyzer, { '/bin/x': bytes }).problems).toMatchObject([{ code: 'executable-packed' }]);
  });

  it('never fails on damaged programs', () => {
    const bytes = program(inlineBlob('go1.19.8', TEXT));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          analyzeFiles(goBinaryAnalyzer, { '/bin/app': damaged });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('mainVersion', () => {
  const info = (version: string, settings: Record<string, string> = {}) => ({
    ...readModules('go1.20', `path\texample.com/app\nmod\texample.com/app\t${version}\t`),
    settings: Object.entries(settings).map(([key, value]) => ({ key, value })),
  });
  const vcs = { 'vcs.revision': 'abcdef0123456789', 'vcs.time': '2024-01-31T12:00:00Z' };

  it.each([
    ['recorded', info('v1.2.3', vcs), 'v1.2.3', 'module'],
    ['flag of main', info('(devel)', { '-ldflags': '-X main.version=1.7.0' }), '1.7.0', 'linker-flag'],
    [
      'flag in quotes',
      info('(devel)', { '-ldflags': `-w -X 'example.com/app/version.Version=v2.0.1'` }),
      'v2.0.1',
      'linker-flag',
    ],
    [
      'flag of another module',
      info('(devel)', { '-ldflags': '-X k8s.io/client-go/version.version=v1.26.0' }),
      '(devel)',
      'unknown',
    ],
    ['flag that is no version', info('(devel)', { '-ldflags': '-X main.version=dirty' }), '(devel)', 'unknown'],
    ['flag of another name', info('(devel)', { '-ldflags': '-X main.minGoVersion=1.20.1' }), '(devel)', 'unknown'],
    ['commit', info('(devel)', vcs), 'v0.0.0-20240131120000-abcdef012345', 'derived'],
  ])('%s', (_, build, version, by) => {
    expect(mainVersion(build)).toEqual({ version, by });
  });
});

describe('splitGoVersion', () => {
  it('takes experiments off', () => {
    expect(splitGoVersion('go1.20.1 X:boringcrypto,arenas')).toEqual({
      goVersion: 'go1.20.1',
      experiments: ['boringcrypto', 'arenas'],
    });
  });
});
