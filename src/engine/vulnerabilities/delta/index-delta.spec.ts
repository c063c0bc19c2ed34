import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentHash } from '../types.ts';
import { indexDelta, matchesAlike } from './index-delta.ts';
import { compareCodePoints, mergeStreams, UnorderedStream } from './merge-streams.ts';

function entries(map: Record<string, string>): ContentHash[] {
  return Object.entries(map)
    .map(([key, hash]) => ({ key, name: key.replace(/^pkg\//, '').replace(/@.*$/, ''), hash }))
    .sort((a, b) => compareCodePoints(a.key, b.key));
}

function build(match: Record<string, string>, detail: Record<string, string> = {}) {
  return { contentHashes: (kind: 'match' | 'detail') => entries(kind === 'match' ? match : detail) };
}

describe('indexDelta', () => {
  it('sorts changes by family and names the packages to look at', async () => {
    const delta = await indexDelta(
      build(
        { 'cpe/v/p': '1', 'os/debian': '1', 'pkg/deb/a@debian@12': '1', 'pkg/npm/b@': '1', 'pkg/npm/same@': '1' },
        { 'vuln/nvd/cve-1': '1', 'kev/cve-1': '1' },
      ),
      build(
        {
          'cpe/v/p': '2',
          'os/debian': '2',
          'pkg/deb/a@debian@13': '1',
          'pkg/npm/b@': '2',
          'pkg/npm/same@': '1',
          'ecosystem/python': '1',
        },
        { 'vuln/nvd/cve-1': '2', 'vuln/nvd/cve-2': '1' },
      ),
    );
    expect(delta).toMatchObject({
      packages: { added: ['pkg/deb/a@debian@13'], changed: ['pkg/npm/b@'], removed: ['pkg/deb/a@debian@12'] },
      products: { changed: ['cpe/v/p'] },
      systems: { changed: ['os/debian'] },
      ecosystems: { added: ['ecosystem/python'] },
      details: { added: ['vuln/nvd/cve-2'], changed: ['vuln/nvd/cve-1'], removed: [] },
      facts: { removed: ['kev/cve-1'] },
      everything: false,
    });
    expect([...delta.searchNames].sort()).toEqual(['cpe/v/p', 'deb/a', 'npm/b', 'os/debian']);
    expect([...delta.packageTypes]).toEqual(['python']);
    expect(matchesAlike(delta)).toBe(false);
  });

  it('knows builds whose matches are alike, and rules that concern everything', async () => {
    const same = build({ 'pkg/npm/b@': '1' }, { 'vuln/nvd/cve-1': '1' });
    expect(matchesAlike(await indexDelta(same, build({ 'pkg/npm/b@': '1' }, { 'vuln/nvd/cve-1': '2' })))).toBe(true);
    expect((await indexDelta(build({ 'os/*': '1' }), build({ 'os/*': '2' }))).everything).toBe(true);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(indexDelta(build({ a: '1' }), build({ a: '2' }), { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });
});

describe('mergeStreams', () => {
  const content = fc.dictionary(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('1', '2'), {
    maxKeys: 30,
  });

  it('yields exactly what differs', () => {
    fc.assert(
      fc.property(content, content, (before, after) => {
        const expected = new Map<string, string>();
        for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
          const [a, b] = [
            Object.hasOwn(before, key) ? before[key] : undefined,
            Object.hasOwn(after, key) ? after[key] : undefined,
          ];
          if (a !== b) expected.set(key, a === undefined ? 'added' : b === undefined ? 'removed' : 'changed');
        }
        const found = [...mergeStreams(entries(before), entries(after))].flatMap((one) =>
          one ? [[one.key, one.change]] : [],
        );
        expect(new Map(found as [string, string][])).toEqual(expected);
      }),
    );
  });

  it('refuses a stream that does not rise', () => {
    const stream = [...entries({ a: '1', b: '1' })].reverse();
    expect(() => [...mergeStreams(stream, [])]).toThrow(UnorderedStream);
  });

  it('takes 200,000 keys in less than two seconds', () => {
    function* keys(hash: (n: number) => string): Generator<ContentHash> {
      for (let n = 0; n < 200_000; n++) {
        const key = `pkg/deb/package-${String(n).padStart(6, '0')}@debian@12`;
        yield { key, name: key, hash: hash(n) };
      }
    }
    const started = performance.now();
    const changes = [
      ...mergeStreams(
        keys(() => 'x'),
        keys((n) => (n % 100 === 0 ? 'y' : 'x')),
      ),
    ].filter(Boolean);
    expect(changes).toHaveLength(2_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('compareCodePoints', () => {
  it('orders as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
    expect(compareCodePoints('\uffff', '\u{10000}')).toBeLessThan(0);
  });
});
