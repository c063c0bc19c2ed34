import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

describe('parseChallenges', () => {
  it.each<[string, string | string[] | undefined, ReturnType<typeof parseChallenges>]>([
    ['nothing', undefined, []],
    ['a scheme alone', 'Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
    [
      'quoted commas',
      'Bearer realm="https://a/t",scope="repository:x:pull,push"',
      [{ scheme: 'bearer', parameters: { realm: 'https://a/t', scope: 'repository:x:pull,push' } }],
    ],
    [
      'several in one',
      'Basic realm="a, b", Bearer realm="c" , service=d',
      [
        { scheme: 'basic', parameters: { realm: 'a, b' } },
        { scheme: 'bearer', parameters: { realm: 'c', service: 'd' } },
      ],
    ],
    [
      'several headers',
      ['Basic realm=x', 'BEARER Realm="y"'],
      [
        { scheme: 'basic', parameters: { realm: 'x' } },
        { scheme: 'bearer', parameters: { realm: 'y' } },
      ],
    ],
    ['escapes', 'Basic realm="a\\"b"', [{ scheme: 'basic', parameters: { realm: 'a"b' } }]],
    ['an unclosed string', 'Basic realm="abc', [{ scheme: 'basic', parameters: { realm: 'abc' } }]],
    ['garbage', 'Basic @@@', [{ scheme: 'basic', parameters: {} }]],
  ])('reads %s', (_, header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });
});
