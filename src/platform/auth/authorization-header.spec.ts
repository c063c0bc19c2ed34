import { describe, expect, it } from 'vitest';
import { parseAuthorization } from './authorization-header.ts';

const basic = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;

describe('authorization header', () => {
  it.each([
    ['basic', basic('ann:secret'), { kind: 'basic', username: 'ann', password: 'secret' }],
    ['colons in the password', basic('ann:a:b:'), { kind: 'basic', username: 'ann', password: 'a:b:' }],
    ['empty password', basic('ann:'), { kind: 'basic', username: 'ann', password: '' }],
    ['lower-case scheme', basic('a:b').replace('Basic', 'basic'), { kind: 'basic', username: 'a', password: 'b' }],
    ['UTF-8', basic('jörg:grün'), { kind: 'basic', username: 'jörg', password: 'grün' }],
    ['Latin-1', basic('jörg:grün', 'latin1'), { kind: 'basic', username: 'jörg', password: 'grün' }],
    ['bearer', 'Bearer a.b-c_d', { kind: 'bearer', token: 'a.b-c_d' }],
    ['jwt', 'jwt a.b.c', { kind: 'bearer', token: 'a.b.c' }],
  ])('reads %s', (_, header, expected) => {
    expect(parseAuthorization(header)).toEqual(expected);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another scheme', 'Digest abc'],
    ['no value', 'Basic '],
    ['no colon', basic('annsecret')],
    ['several headers', ['Bearer a', 'Bearer b']],
    ['control characters', 'Bearer a\nb'],
    ['too much', `Bearer ${'a'.repeat(9000)}`],
  ])('has nothing for %s', (_, header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });
});
