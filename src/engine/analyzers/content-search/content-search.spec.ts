import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { contentSearchAnalyzer } from './index.ts';

const search = (regex: string, text: string) =>
  runAnalyzers([contentSearchAnalyzer], { '/a': text }, { settings: { contentRules: [{ name: 'RULE', regex }] } });

describe('python expressions', () => {
  it.each([
    ['anchored at the line start', 'foo', 'x foo\nfoo\nfoo bar', [1, 2]],
    ['anywhere with .*', '.*foo', 'x foo\n\nfoo', [0, 2]],
    ['flags', '(?i).*FOO', 'a\nfOo', [1]],
    ['named groups', '(?P<a>[ab])(?P=a)', 'ab\naa', [1]],
    ['end of text', String.raw`foo\Z`, 'foo bar\nfoo\r\nfoo', [1, 2]],
    ['bracket first in a class', '[]x]+$', 'a\n]x', [1]],
    ['open lower bound', 'ab{,2}$', 'abb\nabbb', [0]],
    ['alternatives', 'foo|bar', 'bar\nx\nfoo', [0, 2]],
    ['optional text', '(?:foo)?bar', 'bar\nfoobar\nbaz', [0, 1]],
    ['look-behind', '.*(?<![a-z])key', 'monkey\na key', [1]],
    ['bytes above 127', 'Gr.{2}e', 'Größe\nGrö\u00dfe', []],
    ['the same letters as bytes', 'Größe', 'x\nGröße', [1]],
  ])('%s', (_, regex, text, lines) => {
    expect(search(regex, text).contentSearch?.[0]?.lines ?? []).toEqual(lines);
  });

  it('reports expressions that cannot be used', () => {
    expect(search('(', 'x').problems).toMatchObject([
      { code: 'search-rule-invalid', message: expect.stringContaining('RULE') },
    ]);
  });

  it('ends with catastrophic expressions', () => {
    const { problems } = search('(a+)+$', `${'a'.repeat(60)}b`);
    expect(problems).toMatchObject([{ code: 'search-rule-too-slow', path: '/a' }]);
  });

  it('does nothing without rules', () => {
    expect(runAnalyzers([contentSearchAnalyzer], { '/a': 'x' }).contentSearch).toEqual([]);
  });
});
