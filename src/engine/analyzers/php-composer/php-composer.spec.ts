import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze-files.fixture.ts';
import { phpComposerAnalyzer } from './index.ts';

const PATH = '/app/vendor/composer/installed.json';
const ROWS = [
  {
    name: 'Symfony/Yaml',
    version: 'v5.4.1',
    license: ['MIT'],
    require: { php: '>=7', 'symfony/polyfill': '*' },
    authors: [{ name: 'F P' }],
  },
  {
    name: 'phpunit/phpunit',
    version: '9.5.0',
    license: 'BSD-3-Clause',
    source: { url: 'https://git.example/p.git', reference: 'abc' },
  },
  { name: 'broken' },
];

describe('php-composer', () => {
  it.each([
    ['Composer 1', ROWS, [undefined, undefined]],
    ['Composer 2', { packages: ROWS, 'dev-package-names': ['phpunit/phpunit'] }, [undefined, true]],
  ])('reads the list of %s', (_, document, dev) => {
    const { packages } = analyzeFiles(phpComposerAnalyzer, { [PATH]: JSON.stringify(document) });
    expect(packages.map(({ purl }) => purl)).toEqual([
      'pkg:composer/symfony/yaml@v5.4.1',
      'pkg:composer/phpunit/phpunit@9.5.0',
    ]);
    expect(packages.map(({ metadata }) => metadata.dev)).toEqual(dev);
    expect(packages[0]).toMatchObject({
      dependencies: ['symfony/polyfill'],
      origin: 'F P',
      licenses: [{ value: 'MIT' }],
    });
  });

  it.each(['{', '', '[1'])('reports a list that is no JSON: %j', (text) => {
    expect(analyzeFiles(phpComposerAnalyzer, { [PATH]: text }).problems).toMatchObject([{ severity: 'partial' }]);
  });

  it.each(['null', '{}', '{"packages": 7}', '[null, 1]'])('survives %s', (text) => {
    expect(analyzeFiles(phpComposerAnalyzer, { [PATH]: text })).toMatchObject({ packages: [], problems: [] });
  });
});
