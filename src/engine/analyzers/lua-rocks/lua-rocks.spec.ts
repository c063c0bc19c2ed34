import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { luaRocksAnalyzer } from './index.ts';
import { readRockspec } from './rockspec.ts';

const PATH = '/usr/local/lib/luarocks/rocks-5.1/lua-parser/1.2-0/lua-parser-1.2-0.rockspec';
const SPEC = `
rockspec_format = "3.0"
package = "lua-parser"
version = "1.2-0" -- version = "9-9"
source = { url = "git+https://example.org/lua-parser.git", tag = "v1.2" }
description = {
  summary = "reads -- and writes",
  license = "MIT/X11", homepage = 'https://example.org/',
}
dependencies = { "lua >= 5.1, < 5.4", "lpeg ~> 1", 'ansi/colors' }
build = { type = "builtin" }
`;

describe('lua-rocks', () => {
  it('reads a rockspec', () => {
    const { packages } = analyzeFiles(luaRocksAnalyzer, { [PATH]: SPEC });
    expect(rows(packages)).toEqual([`lua-parser@1.2-0 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'lua-rocks',
      purl: 'pkg:luarocks/lua-parser@1.2-0',
      dependencies: ['lpeg', 'ansi/colors'],
      metadata: { homepage: 'https://example.org/', url: 'git+https://example.org/lua-parser.git' },
    });
    expect(packages[0]?.cpes).toContain('cpe:2.3:a:lua-parser:lua-parser:1.2:*:*:*:*:*:*:*');
  });

  it.each([
    [
      'names',
      'local n = "kong"\nlocal v, r = "1", "0"\nlocal major = "2.8"\npackage = n\nversion = major .. ".1" .. "-" .. 0\n',
      'kong@2.8.1-0',
    ],
    ['a function: the file name counts', 'package = f()\nversion = g("1")\n', 'x@1.0-1'],
    ['an unclosed text', 'package = "x\nversion = "1-1"', 'x@1-1'],
    ['long brackets', 'package = [[y]]\nversion = [[3-1]]\n', 'y@3-1'],
  ])('follows %s', (_, source, expected) => {
    const found = readRockspec(source, 'x-1.0-1.rockspec');
    expect(`${found?.name}@${found?.version}`).toBe(expected);
  });

  it('takes nothing without a version', () => {
    expect(readRockspec('package = "x"', 'x.rockspec')).toBeUndefined();
    expect(readRockspec('', 'x.rockspec')).toBeUndefined();
  });
});
