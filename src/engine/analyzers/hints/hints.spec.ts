import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { apkAnalyzer } from '../apk/index.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { hintsAnalyzer } from './index.ts';

const PATH = '/anchore_hints.json';
const FILES = {
  '/etc/os-release': 'ID=alpine\nVERSION_ID=3.19.1\n',
  '/lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\nA:x86_64\n\nP:zlib\nV:1.3-r0\nA:x86_64\n\n',
};
const run = (json: unknown, hints = true) =>
  runAnalyzers(
    [distroAnalyzer, apkAnalyzer, hintsAnalyzer],
    { ...FILES, [PATH]: typeof json === 'string' ? json : JSON.stringify(json) },
    { settings: { hints } },
  );
const names = (found: ReturnType<typeof run>) => found.packages.map(({ name, version }) => `${name}@${version}`).sort();

describe('hints', () => {
  it('add packages, and replace those of the distribution', () => {
    const found = run({
      packages: [
        {
          name: 'musl',
          version: '1.2.4',
          release: 'r9',
          type: 'APKG',
          source: 'musl-src',
          license: 'MIT',
          size: '100',
        },
        { name: 'left-pad', version: '1.3.0', type: 'npm', location: '/app/left-pad', origin: 'me' },
        { name: 'wicked', version: '0.6.1', type: 'gem', licenses: ['MIT', 'ISC'] },
      ],
    });
    expect(names(found)).toEqual(['left-pad@1.3.0', 'musl@1.2.4-r9', 'wicked@0.6.1', 'zlib@1.3-r0']);
    expect(found.packages.find(({ name }) => name === 'musl')).toMatchObject({
      type: 'apk',
      purl: 'pkg:apk/alpine/musl@1.2.4-r9?distro=alpine-3.19.1',
      upstreams: [{ name: 'musl-src' }],
      distro: { id: 'alpine' },
      size: 100,
    });
    expect(found.packages.find(({ name }) => name === 'left-pad')).toMatchObject({
      purl: 'pkg:npm/left-pad@1.3.0',
      origin: 'me',
      locations: [{ path: '/app/left-pad' }, { path: PATH }],
    });
  });

  it('count only when they are asked for', () => {
    expect(names(run({ packages: [{ name: 'a', version: '1', type: 'npm' }] }, false))).toEqual([
      'musl@1.2.4-r2',
      'zlib@1.3-r0',
    ]);
  });

  it.each([
    ['no JSON', '{', /cannot be read/],
    ['no list', {}, /no list of packages/],
    ['no version', { packages: [{ name: 'a', type: 'npm' }] }, /no name or no version/],
    ['an unknown type', { packages: [{ name: 'a', version: '1', type: 'spell' }] }, /its type is none of/],
    ['no object', { packages: [7] }, /no object/],
  ])('with %s say so', (_, json, message) => {
    const found = run(json);
    expect(names(found)).toEqual(['musl@1.2.4-r2', 'zlib@1.3-r0']);
    expect(found.problems).toMatchObject([{ code: 'hints-unreadable', message: expect.stringMatching(message) }]);
  });
});
