import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { snapAnalyzer } from './index.ts';
import { readSnap } from './staged.ts';

const MANIFEST = `
snapcraft-version: '8.0'
snapcraft-os-release-id: ubuntu
snapcraft-os-release-version-id: '22.04'
name: hello
version: 2.10
base: core22
architectures: [amd64]
parts:
  app: { stage-packages: [libfoo=1.0-1], plugin: nil }
primed-stage-packages:
- libssl3=3.0.2-0ubuntu1.15
- libc6:i386=2.35-0ubuntu3
- libssl3=3.0.2-0ubuntu1.15
- odd entry
- 7
`;

describe('snap', () => {
  it('reads packages of a base snap and of an application', () => {
    const { packages } = analyzeFiles(snapAnalyzer, {
      '/snap/core22/usr/share/snappy/dpkg.yaml': 'packages:\n- adduser=3.118ubuntu5\n- tzdata=2024a-0ubuntu0.22.04\n',
      '/snap/hello/snap/manifest.yaml': MANIFEST,
    });
    expect(rows(packages)).toEqual([
      'adduser@3.118ubuntu5 /snap/core22/usr/share/snappy/dpkg.yaml',
      'tzdata@2024a-0ubuntu0.22.04 /snap/core22/usr/share/snappy/dpkg.yaml',
      'libssl3@3.0.2-0ubuntu1.15 /snap/hello/snap/manifest.yaml',
      'libc6@2.35-0ubuntu3 /snap/hello/snap/manifest.yaml',
    ]);
    expect(packages[3]).toMatchObject({
      type: 'deb',
      arch: 'i386',
      purl: 'pkg:deb/ubuntu/libc6@2.35-0ubuntu3?arch=i386&distro=ubuntu-22.04',
      distro: { id: 'ubuntu', versionId: '22.04' },
      metadataType: 'snap-entry',
      metadata: { snapType: 'app', snapName: 'hello', snapVersion: '2.10', base: 'core22', architecture: 'amd64' },
    });
  });

  it('reads manifests that list packages by part', () => {
    const { packages } = readSnap(
      'app',
      'parts:\n  a: {stage-packages: [liba=1-1]}\n  b: {stage-packages: [libb=1:2-1]}\n  c: x\n',
    );
    expect(packages).toEqual([
      { name: 'liba', version: '1-1' },
      { name: 'libb', version: '1:2-1' },
    ]);
  });

  it.each(['', 'a', '[]', 'packages: 1', 'packages: {a: b}', 'packages: [[a=1]]'])('finds nothing in %j', (text) => {
    expect(readSnap('base', text)).toEqual({ kind: 'base', packages: [] });
  });

  it.each([
    'packages: [',
    `a: &a [x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`).join('\n')}`,
    '['.repeat(50_000),
  ])('says that a file cannot be read', (text) => {
    const path = '/usr/share/snappy/dpkg.yaml';
    const { packages, problems } = analyzeFiles(snapAnalyzer, { [path]: text });
    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ code: 'snap-manifest-unreadable', path }]);
  });
});
