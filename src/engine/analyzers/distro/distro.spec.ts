import { describe, expect, it } from 'vitest';
import { type MemoryFiles, runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { distroAnalyzer } from './index.ts';
import { parseOsRelease } from './parse.ts';
import { debianVersion, distroOfReleaseLine } from './release-lines.ts';

const distroOf = (files: MemoryFiles) => runAnalyzers([distroAnalyzer], files).distro;

describe('os-release syntax', () => {
  const cases: [string, string, string | undefined][] = [
    ['bare', 'ID=debian\n', 'debian'],
    ['no last newline', 'ID=debian', 'debian'],
    ['double quotes', 'ID="debian"\n', 'debian'],
    ['single quotes', "ID='debian'\n", 'debian'],
    ['CRLF', 'NAME=x\r\nID=debian\r\n', 'debian'],
    ['byte order mark', '\uFEFFID=debian\n', 'debian'],
    ['escapes in double quotes', 'ID="a\\"b\\$c\\\\d\\e"\n', 'a"b$c\\d\\e'],
    ['no escapes in single quotes', "ID='a\\b'\n", 'a\\b'],
    ['spaces around', '  ID=debian  \n', 'debian'],
    ['comment behind', 'ID=debian # really\n', 'debian'],
    ['comment line', '# ID=other\nID=debian\n', 'debian'],
    ['last one wins', 'ID=a\nID=b\n', 'b'],
    ['not an assignment', 'hello\n', undefined],
    ['prototype names', '__proto__=x\nID=debian\n', 'debian'],
  ];
  it.each(cases)('%s', (_, text, id) => expect(parseOsRelease(text).ID).toBe(id));
});

describe('one-line release files', () => {
  const cases: [string, string | undefined, string | undefined][] = [
    ['CentOS release 5.11 (Final)', 'centos', '5.11'],
    ['CentOS Linux release 7.9.2009 (Core)', 'centos', '7.9.2009'],
    ['CentOS Stream release 8', 'centos', '8'],
    ['Red Hat Enterprise Linux Server release 6.10 (Santiago)', 'rhel', '6.10'],
    ['Rocky Linux release 8.5 (Green Obsidian)', 'rocky', '8.5'],
    ['AlmaLinux release 9.2 (Turquoise Kodkod)', 'almalinux', '9.2'],
    ['Scientific Linux release 6.10 (Carbon)', 'scientific', '6.10'],
    ['Oracle Linux Server release 7.9', 'ol', '7.9'],
    ['Fedora release 36 (Thirty Six)', 'fedora', '36'],
    ['Amazon Linux release 2 (Karoo)', 'amzn', '2'],
    ['VMware Photon OS 3.0', 'photon', '3.0'],
    ['Something else 1.0', undefined, undefined],
  ];
  it.each(cases)('%s', (line, id, version) => {
    const distro = distroOfReleaseLine(line, '/etc/redhat-release');
    expect([distro?.id, distro?.versionId]).toEqual([id, version]);
  });

  it.each([
    ['12.5\n', '12', undefined],
    ['trixie/sid\n', 'unstable', 'trixie'],
    ['sid', 'unstable', undefined],
    ['bookworm', undefined, 'bookworm'],
    ['kali-rolling', undefined, undefined],
  ])('debian_version %j', (line, versionId, codename) => {
    expect(debianVersion(line)).toEqual({ ...(versionId ? { versionId } : {}), ...(codename ? { codename } : {}) });
  });
});

describe('identification', () => {
  it('follows links, also over several directories', () => {
    const files = {
      '/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
      '/etc/os-release': { link: '../usr/lib/os-release' },
    };
    expect(distroOf(files)).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      idLike: [],
      evidence: '/usr/lib/os-release',
    });
  });

  it('finds os-release that is a hard link into an object store', () => {
    const object = '/sysroot/ostree/repo/objects/ab/cdef.file';
    const files = {
      [object]: 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\n',
      '/usr/lib/os-release': { hardlink: object },
    };
    expect(distroOf(files)).toMatchObject({ id: 'fedora', versionId: '40', evidence: '/usr/lib/os-release' });
  });

  it.each([
    [
      'debian testing',
      { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie', '/etc/debian_version': 'trixie/sid\n' },
      'debian',
      'unstable',
    ],
    [
      'a derivative keeps no version',
      { '/etc/os-release': 'ID=kali\nID_LIKE=debian', '/etc/debian_version': 'kali-rolling' },
      'kali',
      undefined,
    ],
    ['ID in upper case', { '/etc/os-release': 'ID=Alpine\nVERSION_ID=3.20.1' }, 'alpine', '3.20.1'],
    ['no ID but a name', { '/etc/os-release': 'NAME="My Linux"' }, 'my-linux', undefined],
    ['an empty file', { '/etc/os-release': '', '/etc/alpine-release': '3.18.4\n' }, 'alpine', '3.18.4'],
    ['CPE of CentOS 6', { '/etc/system-release-cpe': 'cpe:/o:centos:linux:6:GA\n' }, 'centos', '6'],
    ['CPE 2.3', { '/etc/system-release-cpe': 'cpe:2.3:o:amazon:amazon_linux:2\n' }, 'amzn', '2'],
    ['redhat-release', { '/etc/redhat-release': 'CentOS release 5.11 (Final)\n' }, 'centos', '5.11'],
    ['old Ubuntu', { '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n' }, 'ubuntu', '10.04'],
    ['debian_version alone', { '/etc/debian_version': '6.0.10\n' }, 'debian', '6'],
  ] as [string, MemoryFiles, string, string | undefined][])('%s', (_, files, id, versionId) => {
    const distro = distroOf(files);
    expect([distro?.id, distro?.versionId]).toEqual([id, versionId]);
  });

  it('takes BusyBox last', () => {
    const busybox = Buffer.concat([
      Buffer.from('\x7fELF'),
      Buffer.alloc(200_000),
      Buffer.from('BusyBox v1.36.1 (2023-05-18)'),
    ]);
    expect(distroOf({ '/bin/[': busybox, '/bin/busybox': { hardlink: '/bin/[' } })).toMatchObject({
      id: 'busybox',
      versionId: '1.36.1',
    });
    expect(distroOf({ '/bin/busybox': busybox, '/etc/os-release': 'ID=alpine' })).toMatchObject({ id: 'alpine' });
  });

  it('is silent when nothing tells', () =>
    expect(distroOf({ '/app/main': 'x', '/etc/redhat-release': 'hello' })).toBeUndefined());

  it('keeps the distribution of a chroot apart', () => {
    const files = {
      '/etc/os-release': 'ID=debian\nVERSION_ID=12',
      '/srv/root/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.0',
    };
    const evidence = runAnalyzers([distroAnalyzer], files);
    expect(evidence.distro?.id).toBe('debian');
  });

  it.each([
    [
      'esm by status',
      { '/etc/os-release': 'ID=ubuntu', '/var/lib/ubuntu-advantage/status.json': '{"attached": true}' },
      'esm',
    ],
    [
      'not attached',
      { '/etc/os-release': 'ID=ubuntu', '/var/lib/ubuntu-advantage/status.json': '{"attached": false}' },
      undefined,
    ],
    [
      'eus repository',
      {
        '/etc/os-release': 'ID=rhel',
        '/etc/yum.repos.d/redhat.repo': '[rhel-9-for-x86_64-baseos-eus-rpms]\nenabled = 1\n',
      },
      'eus',
    ],
    [
      'disabled repository',
      {
        '/etc/os-release': 'ID=rhel',
        '/etc/yum.repos.d/redhat.repo': '[rhel-9-for-x86_64-baseos-eus-rpms]\nenabled = 0\n[a]\nenabled = 1\n',
      },
      undefined,
    ],
    [
      'no eus outside of rhel',
      { '/etc/os-release': 'ID=fedora', '/etc/yum.repos.d/x.repo': '[a-eus-rpms]\nenabled=1' },
      undefined,
    ],
  ] as [string, MemoryFiles, string | undefined][])('%s', (_, files, channel) =>
    expect(distroOf(files)?.channel).toBe(channel),
  );
});
