import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { binaryAnalyzer } from '../binary/index.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { packageOfAtom, readContents, splitIdentity } from './entry.ts';
import { portageAnalyzer } from './index.ts';
import { licenseTexts, readUseExpression, wordsOf } from './use-conditionals.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const DB = '/var/db/pkg/net-misc/curl-8.7.1-r4';
const FILES = {
  '/etc/os-release': 'ID=gentoo\nNAME=Gentoo\nVERSION_ID=2.15\n',
  [`${DB}/CONTENTS`]: `dir /usr\ndir /usr/bin\nobj /usr/bin/curl ${MD5} 1714000000\nsym /usr/lib64/libcurl.so -> libcurl.so.4 1714000000\n`,
  [`${DB}/LICENSE`]: 'BSD curl ISC test? ( BSD-4 )\n',
  [`${DB}/USE`]: 'amd64 ssl\n',
  [`${DB}/SIZE`]: '4242\n',
  [`${DB}/RDEPEND`]:
    '>=sys-libs/zlib-1.1.4[abi_x86_64(-)] ssl? ( || ( >=dev-libs/openssl-1.0.2:=[static-libs(-)?] dev-libs/other ) ) !ssl? ( a/b ) !!old/blocked',
  '/var/db/pkg/sys-libs/zlib-1.3.1/CONTENTS': '',
  '/var/db/pkg/dev-libs/openssl-3.0.13-r2/CONTENTS': '',
};

describe('portage', () => {
  it('reads packages with licences, files and edges', () => {
    const { packages, relationships } = runAnalyzers([distroAnalyzer, portageAnalyzer], FILES);
    expect(rows(packages)).toEqual([
      'dev-libs/openssl@3.0.13-r2 /var/db/pkg/dev-libs/openssl-3.0.13-r2/CONTENTS',
      `net-misc/curl@8.7.1-r4 ${DB}/CONTENTS`,
      'sys-libs/zlib@1.3.1 /var/db/pkg/sys-libs/zlib-1.3.1/CONTENTS',
    ]);
    expect(packages[1]).toMatchObject({
      type: 'portage',
      purl: 'pkg:ebuild/net-misc/curl@8.7.1-r4?distro=gentoo-2.15',
      size: 4242,
      distro: { id: 'gentoo' },
      files: [{ path: '/usr/bin/curl', digest: `md5:${MD5}` }, { path: '/usr/lib64/libcurl.so' }],
    });
    expect(packages[1]?.licenses.map(({ value }) => value)).toEqual(['BSD', 'curl', 'ISC']);
    expect(relationships).toHaveLength(2);
  });

  it('owns programs of its packages', () => {
    const program = Buffer.concat([
      Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
      Buffer.alloc(64),
      Buffer.from('curl/8.7.1\0'),
    ]);
    const files = { ...FILES, '/usr/bin/curl': program };
    expect(runAnalyzers([binaryAnalyzer], files).packages).toHaveLength(1);
    expect(runAnalyzers([binaryAnalyzer, portageAnalyzer], files).packages).toHaveLength(3);
  });

  it('reads other roots, and leaves out what was never installed', () => {
    const { packages, problems } = analyzeFiles(portageAnalyzer, {
      '/stage/var/db/pkg/app-shells/bash-5.2_p26/CONTENTS': `obj /bin/bash ${MD5} 1\n`,
      '/var/db/pkg/app-shells/-MERGING-bash-5.2/CONTENTS': '',
      '/var/db/pkg/app-shells/noversion/CONTENTS': '',
      '/var/db/pkg/app-shells/x-1/SIZE': '1',
    });
    expect(packages.map(({ name, files }) => [name, files?.[0]?.path])).toEqual([
      ['app-shells/bash', '/stage/bin/bash'],
    ]);
    expect(problems).toMatchObject([{ code: 'package-name-unreadable', path: '/var/db/pkg/app-shells/noversion' }]);
  });

  it.each([
    ['gcc-13.2.1_p20240113-r1', 'gcc', '13.2.1_p20240113-r1'],
    ['libX11-1.8.7', 'libX11', '1.8.7'],
    ['gtk+-3.24.41', 'gtk+', '3.24.41'],
    ['font-adobe-100dpi-1.0.4', 'font-adobe-100dpi', '1.0.4'],
    ['openssl-1.0.2u', 'openssl', '1.0.2u'],
    ['x-1_alpha_pre2', 'x', '1_alpha_pre2'],
    ['dotnet-sdk-bin-8.0.100', 'dotnet-sdk-bin', '8.0.100'],
    ['noversion', undefined, undefined],
    ['-1.0', undefined, undefined],
    [`${'a-'.repeat(300)}1`, undefined, undefined],
  ])('splits %s', (directory, name, version) => {
    expect(splitIdentity(directory)).toEqual(name === undefined ? undefined : { name, version });
  });

  it.each([
    ['a || ( b c ) d', ['a', 'b OR c', 'd']],
    ['ssl? ( a ) !ssl? ( b ) qt? ( c ( d ) )', ['a']],
    ['|| ( ( a b ) c )', ['(a AND b) OR c']],
    ['a ( b', ['a', 'b']],
    [') a )', ['a']],
    ['|| ( )', []],
  ])('decides %s', (text, expected) => {
    expect(licenseTexts(readUseExpression(text, new Set(['ssl'])))).toEqual(expected);
  });

  it.each([
    ['>=dev-libs/openssl-1.1.1:0=', 'dev-libs/openssl'],
    ['=sys-libs/db-5.3*', 'sys-libs/db'],
    ['virtual/libc', 'virtual/libc'],
    ['x11-libs/gtk+:3[X]', 'x11-libs/gtk+'],
    ['!!sys-apps/old', undefined],
    ['word', undefined],
  ])('names the package of %s', (atom, expected) => {
    expect(packageOfAtom(atom)).toBe(expected);
  });

  it('reads names with spaces, and survives any text', () => {
    expect(readContents(`obj /a b -> c ${MD5} 1\nsym /x y -> z 1 2\nfif /p\nobj /broken\n`)).toEqual([
      { path: '/a b -> c', digest: `md5:${MD5}` },
      { path: '/x y' },
    ]);
    expect(wordsOf(readUseExpression('( '.repeat(30_000), new Set()))).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('(', ')', '||', 'a', 'b?', '!b?')), (tokens) => {
        licenseTexts(readUseExpression(tokens.join(' '), new Set(['b'])));
      }),
    );
  });
});
