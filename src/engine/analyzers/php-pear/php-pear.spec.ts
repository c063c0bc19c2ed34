import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { phpPearAnalyzer } from './index.ts';
import { unserialize } from './unserialize.ts';

type Plain = string | number | boolean | null | { [key: string]: Plain };

function serialize(value: Plain): string {
  if (value === null) return 'N;';
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  const members = Object.entries(value).map(([key, member]) => serialize(key) + serialize(member));
  return `a:${members.length}:{${members.join('')}}`;
}

const PATH = '/usr/local/lib/php/.registry/.channel.pecl.php.net/memcached.reg';

describe('php-pear', () => {
  it('reads a package of the second form', () => {
    const entry = {
      attribs: { version: '2.0' },
      name: 'memcached',
      channel: 'pecl.php.net',
      summary: 'grüße "of" a; kind}',
      version: { release: '3.2.0', api: '3.0.0' },
      license: { attribs: { uri: 'https://example.org' }, _content: 'PHP-3.01' },
      _lastmodified: 1.5,
    };
    const { packages } = analyzeFiles(phpPearAnalyzer, { [PATH]: serialize(entry) });
    expect(rows(packages)).toEqual([`memcached@3.2.0 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'php-pear',
      purl: 'pkg:pear/pecl.php.net/memcached@3.2.0',
      metadata: { channel: 'pecl.php.net' },
    });
    expect(packages[0]?.licenses.map(({ value }) => value)).toEqual(['PHP-3.01']);
  });

  it('reads a package of the first form', () => {
    const entry = { package: 'Archive_Tar', version: '1.4.9', release_license: 'BSD' };
    const path = '/usr/share/php/.registry/archive_tar.reg';
    expect(rows(analyzeFiles(phpPearAnalyzer, { [path]: serialize(entry) }).packages)).toEqual([
      `Archive_Tar@1.4.9 ${path}`,
    ]);
  });

  it('says what is damaged, and takes nothing from what is no package', () => {
    expect(analyzeFiles(phpPearAnalyzer, { [PATH]: 'a:2:{s:4:"name' }).problems).toMatchObject([{ path: PATH }]);
    expect(analyzeFiles(phpPearAnalyzer, { [PATH]: 'a:0:{}' })).toMatchObject({ packages: [], problems: [] });
  });

  it.each([
    ['an object and references', 'a:2:{i:0;O:1:"A":1:{s:1:"x";b:1;}i:1;R:2;}', true],
    ['a length beyond the end', 's:100:"a";', false],
    ['a count beyond the end', 'a:99999999:{', false],
    ['depth', 'a:1:{i:0;'.repeat(5000), false],
    ['an unknown kind', 'x:1;', false],
    ['nothing', '', false],
  ])('unserialize: %s', (_, text, readable) => {
    expect(unserialize(Buffer.from(text)) !== undefined).toBe(readable);
  });
});
