import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Package, PackageType } from '#engine/model/package.ts';
import { sbomDiff } from './sbom-diff.ts';

function pkg(name: string, version: string, more: Partial<Package> = {}): Package {
  return {
    id: `${name}@${version}`,
    type: 'npm',
    name,
    version,
    cpes: [],
    licenses: [],
    locations: [{ path: `/${name}`, evidence: 'primary' }],
    upstreams: [],
    foundBy: 'test',
    confidence: 'declared',
    metadata: {},
    ...more,
  };
}

const ids = (list: { name?: string | undefined; version?: string | undefined }[]) =>
  list.map((one) => `${one.name}@${one.version}`);

describe('sbomDiff', () => {
  it.each<
    [string, Package[], Package[], { source?: string[]; target?: string[]; modified?: string[]; both?: string[] }]
  >([
    ['nothing', [], [], {}],
    ['what is on one side', [pkg('a', '1')], [pkg('b', '1')], { source: ['a@1'], target: ['b@1'] }],
    ['the same version elsewhere', [pkg('a', '1')], [pkg('a', '1', { locations: [] })], { both: ['a@1'] }],
    ['another version', [pkg('a', '1')], [pkg('a', '2')], { modified: ['a@1 a@2'] }],
    [
      'several versions, in their order',
      [pkg('a', '1.10'), pkg('a', '1.9'), pkg('a', '3')],
      [pkg('a', '3'), pkg('a', '1.11')],
      { both: ['a@3'], modified: ['a@1.9 a@1.11'], source: ['a@1.10'] },
    ],
    [
      'another type of the same name',
      [pkg('a', '1')],
      [pkg('a', '1', { type: 'gem' as PackageType })],
      { source: ['a@1'], target: ['a@1'] },
    ],
    ['what one side has twice, once', [pkg('a', '1')], [pkg('a', '1'), pkg('a', '1')], { both: ['a@1'] }],
  ])('tells %s', (_, source, target, expected) => {
    const diff = sbomDiff(source, target);
    expect({
      source: ids(diff.source_only),
      target: ids(diff.target_only),
      modified: diff.source_modified.map(({ source: a, target: b }) => ids([a!, b!]).join(' ')),
      both: ids(diff.both_unmodified),
    }).toEqual({ source: [], target: [], modified: [], both: [], ...expected });
  });

  it('describes packages', () => {
    const [found] = sbomDiff(
      [
        pkg('bash', '5.2', {
          type: 'deb',
          upstreams: [{ name: 'bash-source' }],
          licenses: [{ value: 'GPL', spdxExpression: 'GPL-3.0-or-later' }],
          metadataType: 'dpkg-db-entry',
          metadata: { package: 'bash' },
          size: 7,
        }),
      ],
      [],
    ).source_only;
    expect(found).toEqual({
      name: 'bash',
      version: '5.2',
      sourcepkg: 'bash-source',
      location: 'pkgdb',
      licenses: ['GPL-3.0-or-later'],
      cpes: [],
      metadata_type: 'dpkg-db-entry',
      metadata: { package: 'bash' },
      size: 7,
    });
  });

  it('is the same from both sides, and loses nothing', () => {
    const packages = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '10'))
        .map(([name, version]) => pkg(name, version)),
    );
    fc.assert(
      fc.property(packages, packages, (left, right) => {
        const there = sbomDiff(left, right);
        const back = sbomDiff(right, left);
        expect(ids(there.source_only)).toEqual(ids(back.target_only));
        expect(ids(there.both_unmodified).sort()).toEqual(ids(back.both_unmodified).sort());
        expect(there.source_modified).toHaveLength(back.source_modified.length);
        const counted = there.source_only.length + there.source_modified.length + there.both_unmodified.length;
        expect(counted).toBe(new Set(ids(left)).size);
      }),
    );
  });
});
