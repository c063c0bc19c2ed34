import { describe, expect, it } from 'vitest';
import { isOwnOrigin, readSessionCookie, sessionCookie } from './sessions.ts';

describe('session cookie', () => {
  it('is HttpOnly and SameSite=Lax, and bound to the host over TLS', () => {
    expect(sessionCookie('abc', { secure: false, maxAgeSeconds: 60 })).toBe(
      'windlass_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
    );
    expect(sessionCookie('abc', { secure: true, maxAgeSeconds: 60 })).toBe(
      '__Host-windlass_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure',
    );
    expect(sessionCookie(undefined, { secure: false, maxAgeSeconds: 60 })).toContain('Max-Age=0');
  });

  it.each([
    ['windlass_session=abc', 'abc'],
    ['a=b; windlass_session=abc; c=d', 'abc'],
    ['windlass_session=old; __Host-windlass_session=new', 'new'],
    ['xwindlass_session=abc', undefined],
    ['windlass_session=', undefined],
    [undefined, undefined],
  ])('is read from %j', (header, expected) => {
    expect(readSessionCookie(header)).toBe(expected);
  });
});

describe('origin of a request with a session', () => {
  const host = 'scan.example.org:8228';
  it.each([
    ['GET', {}, true],
    ['POST', {}, false],
    ['POST', { origin: 'http://scan.example.org:8228' }, true],
    ['POST', { origin: 'http://scan.example.org' }, false],
    ['POST', { origin: 'https://evil.example.net' }, false],
    ['POST', { origin: 'null' }, false],
    ['POST', { origin: 'https://scan.example.org:443', host: 'scan.example.org' }, true],
    ['POST', { origin: 'http://scan.example.org', host: 'scan.example.org:80' }, true],
    ['DELETE', { 'sec-fetch-site': 'same-origin' }, true],
    ['DELETE', { 'sec-fetch-site': 'cross-site', origin: 'http://scan.example.org:8228' }, false],
    ['PUT', { 'sec-fetch-site': 'same-site' }, false],
    ['POST', { origin: 'https://public.example.org', 'x-forwarded-host': 'public.example.org' }, true],
  ])('%s %j: %s', (method, headers, expected) => {
    expect(isOwnOrigin(method, { host, ...headers })).toBe(expected);
  });
});
