import { describe, expect, it } from 'vitest';
import { MAX_REGEX_LENGTH, translatePythonRegex } from '#shared/python-regex.ts';
import { createRegexRunner, RegexTimeout } from './bounded-regex.ts';

function matches(pattern: string, subject: string): boolean {
  return createRegexRunner().matches(translatePythonRegex(pattern), [subject])[0]!;
}

describe('expressions in the dialect of re.match', () => {
  it.each([
    ['abc', 'abcd', true],
    ['abc', 'xabc', false],
    ['a|bc', 'xbc', false],
    ['^abc$', 'abc\n', true],
    ['abc$', 'abcd', false],
    ['.*\\.pem', '/a.pem.bak', true],
    ['(?i)ABC', 'abc', true],
    ['(?im)b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['(?x) a b # comment', 'ab', true],
    ['(?P<x>a)(?P=x)', 'aa', true],
    ['a(?#note)b', 'ab', true],
    ['\\Aab\\Z', 'ab', true],
    ['\\Aab\\Z', 'abc', false],
    ['a{,2}b', 'aab', true],
    ['a{,2}b', 'aaab', false],
    ['[]a]+$', ']a', true],
    ['[^]a]$', 'a', false],
    ['(?<![A-Z])x', 'x', true],
    ['[\\]$]', '$', true],
    ['/usr/(bin|sbin)/.*', '/usr/sbin/x', true],
    ['\\d+-\\w', '12-a', true],
  ])('%s on %j: %s', (pattern, subject, expected) => {
    expect(matches(pattern, subject)).toBe(expected);
  });

  it.each(['(', '[a', '(?>a)', 'a\\', '(?P=x', '*a', 'a'.repeat(MAX_REGEX_LENGTH + 1)])('refuses %s', (pattern) => {
    expect(() => translatePythonRegex(pattern)).toThrow(SyntaxError);
  });

  it('stops an expression that takes too long, and counts all of them', () => {
    const runner = createRegexRunner({ batchMs: 50, evaluationMs: 60 });
    const slow = translatePythonRegex('(a+)+$');
    const subject = [`${'a'.repeat(50)}!`];
    expect(() => runner.matches(slow, subject)).toThrow(RegexTimeout);
    expect(() => runner.matches(slow, subject)).toThrow(RegexTimeout);
    expect(() => runner.matches(translatePythonRegex('a'), ['a'])).toThrow(/used up/);
  });
});
