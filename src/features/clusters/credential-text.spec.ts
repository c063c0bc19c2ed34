import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenReadings } from './credential-text.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const JWT = `${base64('{"alg":"RS256"}')}.${base64('{"sub":"x"}')}.c2ln`;

describe('a token', () => {
  it.each([
    ['a JSON web token', JWT, [JWT]],
    ['one in a Secret', base64(JWT), [JWT, base64(JWT)]],
    ['one in a Secret, folded', base64(JWT).replace(/(.{40})/g, '$1\n'), [JWT]],
    ['one of OpenShift', 'sha256~abc_DEF-1', ['sha256~abc_DEF-1']],
    ['a bootstrap token', 'abcdef.0123456789abcdef', ['abcdef.0123456789abcdef']],
    ['with its scheme', `Bearer ${JWT}`, [JWT]],
    ['hexadecimal', 'deadbeefdeadbeef', ['deadbeefdeadbeef']],
    ['nothing', '  ', []],
    ['two lines', 'a\nb', []],
  ])('%s', (_, text, readings) => expect(tokenReadings(text)).toEqual(readings));
  it('is found whether it came plain or as base64, and never breaks a header', () => {
    const printable = fc.stringMatching(/^[\x21-\x7e]{1,80}$/).filter((text) => !/^Bearer/i.test(text));
    fc.assert(
      fc.property(printable, (token) => {
        expect(tokenReadings(token)).toContain(token);
        expect(tokenReadings(base64(token))[0]).toBe(token);
        for (const reading of tokenReadings(token)) expect(reading).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });
});
