import { describe, expect, it } from 'vitest';
import { type MemoryFiles, runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { parseCopyright } from './copyright.ts';
import { dpkgAnalyzer } from './index.ts';
import { parseDiversions, parseMd5sums } from './owned-files.ts';
import { parseStatus } from './parse.ts';
import { parseStanzas } from './stanzas.ts';

const installed = (name: string, more = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n${more}`;
const run = (files: MemoryFiles) =>
  runAnalyzers([distroAnalyzer, dpkgAnalyzer], { '/etc/os-release': 'ID=debian\nVERSION_ID=12\n', ...files });

describe('stanzas', () => {
  const read = (text: string) =>
    [...parseStanzas(text)].map((stanza) =>
      Object.fromEntries([...stanza.names()].map((name) => [name, stanza.get(name)])),
    );
  it.each([
    ['missing last newline', 'A: 1\nB: 2', [{ a: '1', b: '2' }]],
    ['several blank lines', 'A: 1\n\n\n\nA: 2\n\n', [{ a: '1' }, { a: '2' }]],
    ['continuation by space and tab', 'A: x\n y\n\tz\nB: 1\n', [{ a: 'x\ny\nz', b: '1' }]],
    ['value on the next lines only', 'Conffiles:\n /etc/a 1\n /etc/b 2\n', [{ conffiles: '\n/etc/a 1\n/etc/b 2' }]],
    ['first of equal names', 'A: 1\nA: 2\n', [{ a: '1' }]],
    ['CRLF', 'A: 1\r\nB: 2\r\n\r\nA: 3\r\n', [{ a: '1', b: '2' }, { a: '3' }]],
    ['comments and noise', '# hi\nA: 1\nnonsense\nB: 2\n', [{ a: '1', b: '2' }]],
    ['colons in values', 'A: b: c\n', [{ a: 'b: c' }]],
    ['nothing', '\n\n', []],
  ])('%s', (_, text, expected) => expect(read(text)).toEqual(expected));
});

describe('status', () => {
  it.each([
    ['install ok installed', true],
    ['hold ok installed', true],
    ['deinstall ok installed', true],
    ['install ok unpacked', true],
    ['install ok half-configured', true],
    ['install ok triggers-pending', true],
    ['install user installed', true],
    ['deinstall ok config-files', false],
    ['purge ok not-installed', false],
  ])('%s', (status, there) => {
    expect(parseStatus(`Package: a\nStatus: ${status}\nVersion: 1\n`).entries.length === 1).toBe(there);
  });

  it('reads sources, sizes and relations', () => {
    const [entry] = parseStatus(
      installed(
        'libc6',
        'Source: glibc (2.36-9)\nInstalled-Size: 100\nDepends: a (>= 1) | b,\n c\nPre-Depends: d\nProvides: libc\nDescription: short\n long\n',
      ),
    ).entries;
    expect(entry).toMatchObject({
      source: 'glibc',
      sourceVersion: '2.36-9',
      installedSize: 100,
      depends: ['a (>= 1) | b', 'c'],
      preDepends: ['d'],
      provides: ['libc'],
      summary: 'short',
    });
  });

  it.each([
    ['1.2 MB', 1229],
    ['2048', 2048],
    ['4096B', 4],
    ['much', undefined],
  ])('size %s', (text, size) => {
    expect(parseStatus(installed('a', `Installed-Size: ${text}\n`)).entries[0]?.installedSize).toBe(size);
  });

  it('counts what has no version', () => {
    expect(parseStatus('Package: a\nStatus: install ok installed\n')).toEqual({ entries: [], incomplete: 1 });
  });
});

describe('side files', () => {
  it('reads md5sums in all spellings', () => {
    const sum = 'd41d8cd98f00b204e9800998ecf8427e';
    expect([...parseMd5sums(`${sum}  usr/a b\n${sum} *./bin/c\r\nnoise\n${sum}  /bin/d`).keys()]).toEqual([
      '/usr/a b',
      '/bin/c',
      '/bin/d',
    ]);
  });
  it('reads diversions', () => expect(parseDiversions('/a\n/a.x\np\n')).toEqual([{ from: '/a', to: '/a.x', by: 'p' }]));
  it.each([
    [
      'DEP 5',
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+\n text\n\nFiles: x\nLicense: Expat\n',
      ['GPL-2+', 'Expat'],
    ],
    [
      'free text',
      'On Debian systems, see /usr/share/common-licenses/GPL-2.\nAnd /usr/share/common-licenses/LGPL-2.1',
      ['GPL-2', 'LGPL-2.1'],
    ],
    ['no licence', 'hello', []],
  ])('copyright: %s', (_, text, names) => expect(parseCopyright(text)).toEqual(names));
});

describe('packages', () => {
  it('joins all evidence of a package', () => {
    const { packages } = run({
      '/var/lib/dpkg/status': installed(
        'libc6',
        'Multi-Arch: same\nSource: glibc\nConffiles:\n /etc/ld.so.conf 4317c6de8564b68d628c21efa96b37e4\n',
      ),
      '/var/lib/dpkg/info/libc6:amd64.list': '/.\n/lib\n/lib/libc.so.6\n/usr/share/empty\n/etc/ld.so.conf\n',
      '/var/lib/dpkg/info/libc6:amd64.md5sums': '33f1cb6525f26614bd3a334d63632484  lib/libc.so.6\n',
      '/usr/share/doc/libc6/copyright': 'see /usr/share/common-licenses/LGPL-2.1',
      '/usr/share/empty/x': '',
    });
    expect(packages).toHaveLength(1);
    expect(packages[0]).toMatchObject({
      type: 'deb',
      arch: 'amd64',
      purl: 'pkg:deb/debian/libc6@1.0-1?arch=amd64&distro=debian-12&upstream=glibc',
      upstreams: [{ name: 'glibc' }],
      licenses: [{ value: 'LGPL-2.1', spdxExpression: 'LGPL-2.1-only' }],
      files: [
        { path: '/lib/libc.so.6', digest: 'md5:33f1cb6525f26614bd3a334d63632484' },
        { path: '/etc/ld.so.conf', digest: 'md5:4317c6de8564b68d628c21efa96b37e4', isConfig: true },
      ],
      metadataType: 'dpkg-db-entry',
      distro: { id: 'debian' },
    });
  });

  it('reads status.d of distroless images, once per package', () => {
    const { packages } = run({
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
      '/var/lib/dpkg/status.d/base-files.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  etc/host.conf\n',
      '/var/lib/dpkg/status': 'Package: base-files\nStatus: install ok installed\nVersion: 12.4\nArchitecture: amd64\n',
    });
    expect(packages.map(({ name, locations, files }) => [name, locations[0]?.path, files?.length])).toEqual([
      ['base-files', '/var/lib/dpkg/status', 1],
    ]);
  });

  it('keeps both architectures of one package, and a chroot apart', () => {
    const { packages } = run({
      '/var/lib/dpkg/status': `${installed('libc6')}\n${installed('libc6').replace('amd64', 'i386')}`,
      '/srv/jail/etc/os-release': 'ID=ubuntu\nVERSION_ID=22.04',
      '/srv/jail/var/lib/dpkg/status': installed('libc6'),
      '/srv/jail/var/lib/dpkg/info/libc6.list': '/lib/libc.so.6\n',
    });
    expect(new Set(packages.map(({ id }) => id)).size).toBe(3);
    const jailed = packages.find(({ distro }) => distro?.id === 'ubuntu');
    expect(jailed?.files).toEqual([{ path: '/srv/jail/lib/libc.so.6' }]);
  });

  it('gives diverted files at their new place, except those of the diverter', () => {
    const { packages } = run({
      '/var/lib/dpkg/status': `${installed('dash')}\n${installed('bash')}`,
      '/var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n',
      '/var/lib/dpkg/info/dash.list': '/bin/sh\n',
      '/var/lib/dpkg/info/bash.list': '/bin/sh\n',
    });
    expect(packages.map(({ name, files }) => [name, files?.[0]?.path])).toEqual([
      ['bash', '/bin/sh.distrib'],
      ['dash', '/bin/sh'],
    ]);
  });

  it('reads opkg and reports rows without a version', () => {
    const { packages, problems } = run({
      '/usr/lib/opkg/status':
        'Package: busybox\nVersion: 1.36\nStatus: install user installed\nArchitecture: mips\n\nPackage: x\nStatus: install user installed\n',
    });
    expect(packages.map(({ name }) => name)).toEqual(['busybox']);
    expect(problems).toMatchObject([{ code: 'package-database-incomplete', path: '/usr/lib/opkg/status' }]);
  });
});
