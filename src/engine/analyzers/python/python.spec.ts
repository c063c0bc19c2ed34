import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { packageId } from '../package-id.ts';
import { pythonAnalyzer } from './index.ts';
import { linuxEnvironment, markerHolds } from './marker.ts';
import { nameFromDirectory, readMetadata } from './metadata.ts';
import { readRecord, resolveRecorded } from './record.ts';

const SITE = '/usr/lib/python3.11/site-packages';

describe('markerHolds', () => {
  it.each([
    ["python_version < '3.8'", false],
    ["python_version >= '3.8'", true],
    ["python_version == '3.*'", true],
    ["python_version ~= '3.9'", true],
    ["extra == 'test'", false],
    ["sys_platform == 'win32'", false],
    ["(os_name == 'posix' and python_version > '3.9') or extra == 'x'", true],
    ["platform_system in 'Linux Darwin'", true],
    ["sys_platform not in 'win32 cygwin'", true],
    ["platform_machine == 'x86_64'", true],
    ['this is not a marker', true],
    ['', true],
  ])('%s is %s', (marker, expected) => {
    expect(markerHolds(marker, linuxEnvironment('3.11'))).toBe(expected);
  });
});

describe('readMetadata', () => {
  it('reads folded headers up to the first empty line', () => {
    const text =
      'Metadata-Version: 2.1\r\nName: Zope.Interface\r\nVersion: 1!2.0+local\r\nLicense: ZPL\r\n 2.1\r\n\r\nName: not this\r\n';
    expect(readMetadata(Buffer.from(text))).toMatchObject({ name: 'Zope.Interface', version: '1!2.0+local' });
  });

  it('falls back to Latin-1', () => {
    expect(readMetadata(Buffer.from('Name: x\nVersion: 1\nAuthor: J\xfcrgen\n', 'latin1')).author).toBe('J\u00fcrgen');
  });

  it.each([
    ['License-Expression: MIT OR Apache-2.0\nLicense: x', ['MIT OR Apache-2.0']],
    ['License: BSD\nClassifier: License :: OSI Approved :: BSD License', ['BSD']],
    [
      'License: Copyright (c)\n        All rights reserved.\nClassifier: License :: OSI Approved :: BSD License',
      ['BSD License'],
    ],
    ['License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License', ['MIT License']],
    ['Classifier: License :: OSI Approved', []],
  ])('chooses licences of %j', (headers, licenses) => {
    expect(readMetadata(Buffer.from(`Name: x\nVersion: 1\n${headers}\n`)).licenses).toEqual(licenses);
  });
});

describe('nameFromDirectory', () => {
  it.each([
    ['requests-2.28.1.dist-info', 'requests', '2.28.1'],
    ['PyYAML-6.0-py3.11.egg-info', 'PyYAML', '6.0'],
    ['foo_bar-1.0.dev3-py3.9-linux-x86_64.egg', 'foo_bar', '1.0.dev3'],
    ['plain.egg-info', undefined, undefined],
  ])('%s', (directory, name, version) => {
    expect([nameFromDirectory(directory)?.name, nameFromDirectory(directory)?.version]).toEqual([name, version]);
  });
});

describe('RECORD', () => {
  it('reads quoted paths, digests and sizes, and leaves out byte code', () => {
    const { rows: found } = readRecord(
      Buffer.from(
        '"a,""b"".py",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n../../bin/x,,\nm/__pycache__/a.pyc,,\nbad,md5=!,x\n',
      ),
    );
    expect(found).toEqual([
      {
        path: 'a,"b".py',
        digest: `sha256:${'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}`,
        size: 0,
      },
      { path: '../../bin/x' },
      { path: 'bad' },
    ]);
  });

  it.each([
    ['a/b.py', `${SITE}/a/b.py`],
    ['../../../bin/x', '/usr/bin/x'],
    ['../../../../../../etc/x', '/etc/x'],
    ['/opt/x', '/opt/x'],
  ])('resolves %s', (path, real) => {
    expect(resolveRecorded(SITE, path)).toBe(real);
  });
});

describe('python packages', () => {
  const metadata = (name: string, version: string, rest = '') =>
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${rest}\nText`;

  it('finds dist-info, egg-info directories and files, and partial ones; not the standard library', () => {
    const { packages, problems } = analyzeFiles(pythonAnalyzer, {
      [`${SITE}/Foo_Bar-1.0.dist-info/METADATA`]: metadata('Foo_Bar', '1.0'),
      [`${SITE}/Foo_Bar-1.0.dist-info/RECORD`]: 'foo/__init__.py,,10\n',
      [`${SITE}/Foo_Bar-1.0.dist-info/top_level.txt`]: 'foo\n',
      [`${SITE}/egg.egg-info/PKG-INFO`]: metadata('egg', '2.0'),
      [`${SITE}/old-3.0.egg-info`]: metadata('old', '3.0'),
      [`${SITE}/half-4.0.dist-info/RECORD`]: 'half.py,,\n',
      '/usr/lib/python2.7/Python-2.7.18.egg-info': metadata('Python', '2.7.18'),
      [`${SITE}/nameless.dist-info/METADATA`]: 'Metadata-Version: 2.1\n\n',
    });
    expect(rows(packages)).toEqual([
      `Foo_Bar@1.0 ${SITE}/Foo_Bar-1.0.dist-info/METADATA`,
      `egg@2.0 ${SITE}/egg.egg-info/PKG-INFO`,
      `old@3.0 ${SITE}/old-3.0.egg-info`,
      `half@4.0 ${SITE}/half-4.0.dist-info/RECORD`,
    ]);
    expect(packages[0]).toMatchObject({
      purl: 'pkg:pypi/foo-bar@1.0',
      files: [{ path: `${SITE}/foo/__init__.py`, size: 10 }],
    });
    expect(packages[0]?.metadata.topLevelPackages).toEqual(['foo']);
    expect(problems).toHaveLength(1);
  });

  it('draws edges inside each environment only', () => {
    const venv = '/opt/venv/lib/python3.11/site-packages';
    const { packages, relationships } = analyzeFiles(pythonAnalyzer, {
      '/opt/venv/pyvenv.cfg': 'include-system-site-packages = false\n',
      [`${venv}/a-1.dist-info/METADATA`]: metadata(
        'a',
        '1',
        'Requires-Dist: B_b (>=1)\nRequires-Dist: c\nRequires-Dist: t; extra == "test"',
      ),
      [`${venv}/b_b-1.dist-info/METADATA`]: metadata('b-b', '1'),
      [`${SITE}/c-1.dist-info/METADATA`]: metadata('c', '1'),
      [`${venv}/t-1.dist-info/METADATA`]: metadata('t', '1'),
    });
    const byId = new Map(packages.map((pkg) => [packageId(pkg), pkg.name]));
    expect(relationships.map(({ from, to }) => [byId.get(from), byId.get(to)])).toEqual([['b-b', 'a']]);
  });

  it('keeps the origin of packages installed from version control, without credentials', () => {
    const { packages } = analyzeFiles(pythonAnalyzer, {
      [`${SITE}/a-1.dist-info/METADATA`]: metadata('a', '1'),
      [`${SITE}/a-1.dist-info/direct_url.json`]: JSON.stringify({
        url: 'https://user:secret@git.example/a.git',
        vcs_info: { vcs: 'git', commit_id: 'abc' },
      }),
    });
    expect(packages[0]?.purl).toBe(
      'pkg:pypi/a@1?vcs_url=git%2Bhttps://git.example/a.git%40abc'.replace('git%2B', 'git%2B'),
    );
    expect(JSON.stringify(packages)).not.toContain('secret');
  });
});
