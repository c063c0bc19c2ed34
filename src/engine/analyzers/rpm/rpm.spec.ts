import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { rpmAnalyzer } from './index.ts';
import { parseManifest } from './manifest.ts';
import { parseSourceRpm } from './packages.ts';

const database = gunzipSync(readFileSync(new URL('../../formats/rpmdb/fixtures/bdb-little.gz', import.meta.url)));
const run = (files: Parameters<typeof runAnalyzers>[1]) =>
  runAnalyzers([distroAnalyzer, rpmAnalyzer], { '/etc/os-release': 'ID="rhel"\nVERSION_ID="9.4"\n', ...files });

describe('rpm', () => {
  it('gives packages as rpm -qa would', () => {
    const { packages, problems, relationships } = run({ '/var/lib/rpm/Packages': database });
    expect(problems).toEqual([]);
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'pkg-0 0:1.0-2.el9',
      'pkg-1 1.1-2.el9',
      'pkg-2 1.2-2.el9',
      'pkg-3 3:1.3-2.el9',
      'pkg-4 1.4-2.el9',
      'pkg-5 1.5-2.el9',
    ]);
    expect(packages[3]).toMatchObject({
      purl: 'pkg:rpm/redhat/pkg-3@1.3-2.el9?arch=noarch&distro=rhel-9.4&epoch=3&upstream=source-3-1.3-2.el9.src.rpm',
      upstreams: [{ name: 'source-3', version: '1.3-2.el9' }],
      licenses: [{ value: 'MIT and GPLv2+', spdxExpression: 'MIT AND GPL-2.0-or-later' }],
      metadata: { modularityLabel: '', epoch: 3 },
    });
    expect(packages[1]?.metadata.modularityLabel).toBe('nodejs:18:806:abc');
    expect(relationships).toHaveLength(5);
  });

  it('reads the database where links lead, and no other', () => {
    expect(run({ '/opt/db/Packages': database, '/var/lib/rpm': { link: '/opt/db' } }).packages).toHaveLength(6);
    expect(run({ '/opt/db/Packages': database }).packages).toHaveLength(0);
    expect(
      run({ '/usr/lib/sysimage/rpm/Packages': database, '/var/lib/rpm/Packages': database }).packages,
    ).toHaveLength(6);
  });

  it('reports a damaged database', () => {
    const { packages, problems } = run({ '/var/lib/rpm/Packages': database.subarray(0, 50_000) });
    expect(packages.length).toBeGreaterThan(0);
    expect(problems).toMatchObject([
      { code: 'package-database-unreadable', severity: 'partial', path: '/var/lib/rpm/Packages' },
    ]);
  });

  it('reads the manifest of distroless images', () => {
    const line =
      'filesystem\t1.1-9.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t7596\tx86_64\t0\tfilesystem-1.1-9.cm2.src.rpm';
    expect(parseManifest(`${line}\nshort\tline\n`)).toMatchObject([
      { name: 'filesystem', version: '1.1', release: '9.cm2', arch: 'x86_64' },
    ]);
    expect(run({ '/var/lib/rpmmanifest/container-manifest-2': line }).packages.map(({ version }) => version)).toEqual([
      '1.1-9.cm2',
    ]);
  });

  it.each([
    ['gcc-c++-11.2.1-9.fc35.src.rpm', 'gcc-c++', '11.2.1-9.fc35'],
    ['a-b-1-2.nosrc.rpm', 'a-b', '1-2'],
    ['odd.src.rpm', undefined, undefined],
  ])('source rpm %s', (file, name, version) => {
    expect(parseSourceRpm(file)).toEqual(name ? { name, version } : undefined);
  });
});
