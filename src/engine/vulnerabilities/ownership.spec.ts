import { describe, expect, it } from 'vitest';
import { applyOwnership, isComprehensive } from './ownership.ts';
import { distro } from './sample-index.ts';
import type { Match } from './types.ts';

const match = (vulnerability: string, aliases: string[] = []): Match => ({
  vulnerability,
  aliases,
  namespace: 'github:language:python',
  provider: 'github',
  fix: { state: 'fixed', versions: ['2'] },
  constraint: '< 2',
  scheme: 'pep440',
  kind: 'exact-direct',
  searchedBy: { name: 'jinja2', version: '1' },
});
const packages = [
  { id: 'os', type: 'deb' as const, name: 'python3-jinja2', version: '3.1-1' },
  { id: 'py', type: 'python' as const, name: 'jinja2', version: '3.1' },
  { id: 'bin', type: 'binary' as const, name: 'python', version: '3.11' },
  { id: 'free', type: 'python' as const, name: 'flask', version: '1' },
];
const relationships = [
  { from: 'os', to: 'py', type: 'ownership-by-file-overlap' as const },
  { from: 'os', to: 'bin', type: 'ownership-by-file-overlap' as const },
];
const matches = new Map([
  ['py', [match('GHSA-1', ['CVE-1']), match('GHSA-2')]],
  ['bin', [match('CVE-3')]],
  ['free', [match('GHSA-4')]],
  ['os', [match('CVE-9')]],
]);
const run = (id: string, ruledOut: string[] = [], enabled = true) =>
  applyOwnership({
    distro: distro(id, '1'),
    packages,
    relationships,
    matches,
    ruledOut: () => new Set(ruledOut),
    enabled,
  });

describe('applyOwnership', () => {
  it('leaves owned packages to a distribution that covers all it ships', () => {
    const result = run('debian');
    expect(result.suppressed.get('py')).toMatchObject([
      { rule: 'owned-by-os-package' },
      { rule: 'owned-by-os-package' },
    ]);
    expect(result.matches.get('py')).toEqual([]);
    expect(result.matches.get('free')).toHaveLength(1);
    expect(result.matches.get('os')).toHaveLength(1);
  });

  it('keeps what is bundled in an OS package of another version, but no program file', () => {
    const result = applyOwnership({
      distro: distro('debian', '12'),
      packages: [
        { id: 'os', type: 'deb', name: 'ruby3.1', version: '3.1.2-7' },
        { id: 'gem', type: 'gem', name: 'net-imap', version: '0.2.3' },
        { id: 'same', type: 'gem', name: 'ruby', version: '3.1.2' },
        { id: 'bin', type: 'binary', name: 'ruby', version: '3.1' },
        { id: 'other', type: 'binary', name: 'zlib', version: '1.2.13' },
      ],
      relationships: ['gem', 'same', 'bin', 'other'].map((to) => ({
        from: 'os',
        to,
        type: 'ownership-by-file-overlap',
      })),
      matches: new Map(['gem', 'same', 'bin', 'other'].map((id) => [id, [match('CVE-1')]])),
      ruledOut: () => new Set(),
    });
    expect(result.matches.get('gem')).toHaveLength(1);
    expect([...result.suppressed.keys()]).toEqual(['same', 'bin', 'other']);
  });

  it('elsewhere takes away program files, and what the distribution has ruled out, by alias too', () => {
    const result = run('alpine', ['CVE-1']);
    expect(result.matches.get('py')?.map((m) => m.vulnerability)).toEqual(['GHSA-2']);
    expect(result.suppressed.get('py')).toMatchObject([
      { vulnerability: 'GHSA-1', rule: 'fixed-by-distro', reason: expect.stringContaining('python3-jinja2') },
    ]);
    expect(result.suppressed.get('bin')).toMatchObject([{ rule: 'owned-by-os-package' }]);
  });

  it('can be switched off, and never loses a match', () => {
    expect(run('debian', [], false).suppressed.size).toBe(0);
    for (const id of ['debian', 'alpine']) {
      const { matches: kept, suppressed } = run(id, ['CVE-1']);
      for (const [key, all] of matches)
        expect((kept.get(key)?.length ?? 0) + (suppressed.get(key)?.length ?? 0)).toBe(all.length);
    }
  });
});

describe('isComprehensive', () => {
  it.each([
    ['debian', [], true],
    ['linuxmint', ['ubuntu', 'debian'], true],
    ['amzn', ['fedora', 'rhel'], false],
    ['alpine', [], false],
    ['wolfi', [], false],
    ['azurelinux', [], true],
  ] as [string, string[], boolean][])('%s %j: %s', (id, idLike, expected) => {
    expect(isComprehensive(distro(id, '1', { idLike }))).toBe(expected);
  });
});
