import { describe, expect, it } from 'vitest';
import { maskedUrl, unmaskedUrl } from './masked-url.ts';

describe('a masked address', () => {
  it.each([
    ['https://h.example.org/hook', 'https://h.example.org/hook'],
    ['https://h.example.org', 'https://h.example.org'],
    ['https://h.example.org:8443/hook?token=abc&mode=', 'https://h.example.org:8443/hook?token=******&mode='],
    ['https://h.example.org/hook?abc', 'https://h.example.org/hook?******'],
    ['https://u:p@h.example.org/hook', 'https://u:******@h.example.org/hook'],
    ['https://token@h.example.org/', 'https://******@h.example.org/'],
    ['https://h.example.org/#abc', 'https://h.example.org/#******'],
    ['https://h.example.org/hook?a=1=2', 'https://h.example.org/hook?a=******'],
    ['no address', 'no address'],
  ])('of %s is %s', (url, masked) => {
    expect(maskedUrl(url)).toBe(masked);
    expect(maskedUrl(masked)).toBe(masked);
    expect(unmaskedUrl(masked, url)).toBe(url);
  });

  it.each([
    ['https://h.example.org/other?token=******', 'https://h.example.org/other?token=abc'],
    ['https://h.example.org/hook?token=******&new=1', 'https://h.example.org/hook?token=abc&new=1'],
    ['https://h.example.org/hook?token=new', 'https://h.example.org/hook?token=new'],
    ['https://evil.example.org/hook?token=******', undefined],
    ['http://h.example.org/hook?token=******', undefined],
    ['https://h.example.org/hook?other=******', undefined],
    ['https://h.example.org/******', undefined],
  ])('%s means %s', (given, meant) => expect(unmaskedUrl(given, 'https://h.example.org/hook?token=abc')).toBe(meant));

  it('means nothing where nothing is stored', () => {
    expect(unmaskedUrl('https://h.example.org/?a=******', undefined)).toBeUndefined();
  });
});
