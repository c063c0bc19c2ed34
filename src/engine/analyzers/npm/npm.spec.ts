import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { packageId } from '../package-id.ts';
import { npmAnalyzer } from './index.ts';
import { readManifest } from './manifest.ts';

function manifest(fields: Record<string, unknown>): string {
  return JSON.stringify(fields);
}

function read(text: string) {
  return readManifest(new TextEncoder().encode(text));
}

describe('package.json', () => {
  it.each([
    ['a stub without version', manifest({ name: 'x' })],
    ['a module-type stub', manifest({ type: 'module' })],
    ['a version that is no text', manifest({ name: 'x', version: 1 })],
    ['a list', '[1]'],
    ['null', 'null'],
  ])('is no package: %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['text', { license: 'MIT' }, ['MIT']],
    ['object', { license: { type: 'ISC', url: 'https://example.com' } }, ['ISC']],
    ['list of objects', { licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, ['MIT', 'Apache-2.0']],
    ['nothing usable', { license: 7 }, []],
  ])('reads a licence: %s', (_, fields, licenses) => {
    expect(read(manifest({ name: 'x', version: '1.0.0', ...fields }))?.manifests[0]?.licenses).toEqual(licenses);
  });

  it.each([
    ['A B <a@b.example> (https://b.example)', 'A B <a@b.example> (https://b.example)'],
    [{ name: 'A B', email: 'a@b.example' }, 'A B <a@b.example>'],
    [['A', { name: 'B' }], 'A, B'],
  ])('reads an author: %j', (author, text) => {
    expect(read(manifest({ name: 'x', version: '1.0.0', author }))?.manifests[0]?.author).toBe(text);
  });

  it('accepts a byte order mark and several documents', () => {
    const one = manifest({ name: 'a', version: '1.0.0', x: '}{' });
    const two = manifest({ name: 'b', version: '2.0.0' });
    expect(read(`\ufeff${one}\n${two}`)?.manifests.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('keeps the reason when it is not JSON', () => {
    expect(read('{"name": ')).toMatchObject({ manifests: [], error: expect.any(String) });
  });
});

describe('npm packages', () => {
  const deps = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '*']));

  it('finds projects and installed packages, not stubs, fixtures and templates', () => {
    const { packages } = analyzeFiles(npmAnalyzer, {
      '/app/package.json': manifest({ name: 'app', version: '1.0.0' }),
      '/app/node_modules/@s/a/package.json': manifest({ name: '@s/a', version: '2.0.0' }),
      '/app/node_modules/@s/a/esm/package.json': manifest({ name: '@s/a', version: '2.0.0', type: 'module' }),
      '/app/node_modules/@s/a/test/fixtures/x/package.json': manifest({ name: 'fixture', version: '1.0.0' }),
      '/app/node_modules/@s/a/lib/vendored/package.json': manifest({ name: 'vendored', version: '3.1.4' }),
      '/app/node_modules/@s/a/lib/gen/package.json': manifest({ name: '{{name}}', version: '1.0.0' }),
      '/usr/share/nodejs/semver/package.json': manifest({ name: 'semver', version: '7.3.5' }),
    });
    expect(rows(packages)).toEqual([
      'app@1.0.0 /app/package.json',
      '@s/a@2.0.0 /app/node_modules/@s/a/package.json',
      'vendored@3.1.4 /app/node_modules/@s/a/lib/vendored/package.json',
      'semver@7.3.5 /usr/share/nodejs/semver/package.json',
    ]);
    expect(packages.map(({ purl }) => purl)[1]).toBe('pkg:npm/%40s/a@2.0.0');
  });

  it('draws edges as modules are resolved: nearest first, through links', () => {
    const { packages, relationships } = analyzeFiles(npmAnalyzer, {
      '/app/package.json': manifest({ name: 'app', version: '1.0.0', dependencies: deps('a', 'linked') }),
      '/app/node_modules/a/package.json': manifest({ name: 'a', version: '1.0.0', dependencies: deps('b') }),
      '/app/node_modules/a/node_modules/b/package.json': manifest({ name: 'b', version: '1.0.0' }),
      '/app/node_modules/b/package.json': manifest({ name: 'b', version: '2.0.0' }),
      '/app/node_modules/linked': { link: '.store/l@1/node_modules/linked' },
      '/app/node_modules/.store/l@1/node_modules/linked/package.json': manifest({
        name: 'linked',
        version: '1.0.0',
        optionalDependencies: deps('b'),
      }),
    });
    const byId = new Map(packages.map((pkg) => [packageId(pkg), `${pkg.name}@${pkg.version}`]));
    expect(relationships.map(({ from, to }) => `${byId.get(to)} needs ${byId.get(from)}`)).toEqual([
      'app@1.0.0 needs a@1.0.0',
      'app@1.0.0 needs linked@1.0.0',
      'a@1.0.0 needs b@1.0.0',
      'linked@1.0.0 needs b@2.0.0',
    ]);
  });

  it('takes integrity from the lock file that npm keeps beside the packages, when the versions agree', () => {
    const lock = {
      packages: {
        '': {},
        'node_modules/a': { version: '1.0.0', integrity: 'sha512-x', dev: true },
        'node_modules/b': { version: '9.9.9', integrity: 'sha512-y' },
      },
    };
    const { packages } = analyzeFiles(npmAnalyzer, {
      '/app/node_modules/.package-lock.json': JSON.stringify(lock),
      '/app/node_modules/a/package.json': manifest({ name: 'a', version: '1.0.0' }),
      '/app/node_modules/b/package.json': manifest({ name: 'b', version: '1.0.0' }),
    });
    expect(packages.map(({ metadata }) => metadata.integrity)).toEqual(['sha512-x', undefined]);
  });

  it('reports a broken manifest, as a note when it lies inside another package', () => {
    const { problems } = analyzeFiles(npmAnalyzer, {
      '/app/node_modules/a/package.json': '{',
      '/app/node_modules/a/test/package.json': '{',
    });
    expect(problems.map(({ severity }) => severity)).toEqual(['partial', 'note']);
  });
});
