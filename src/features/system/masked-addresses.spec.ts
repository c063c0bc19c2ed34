import { describe, expect, it } from 'vitest';
import { maskedAddresses, unmaskedAddresses } from './masked-addresses.ts';

describe('addresses in settings', () => {
  const stored = ['kev=https://a.example.org/kev?key=one', 'epss=/srv/epss.csv', 'eol=https://u:p@b.example.org/x'];
  const shown = [
    'kev=https://a.example.org/kev?key=******',
    'epss=/srv/epss.csv',
    'eol=https://u:******@b.example.org/x',
  ];

  it('are masked, other values are not', () => {
    expect(maskedAddresses(stored)).toEqual(shown);
    expect(maskedAddresses('https://a.example.org/?k=1')).toBe('https://a.example.org/?k=******');
    for (const value of ['none', 'a?b=c', 5, true, []]) expect(maskedAddresses(value)).toEqual(value);
  });

  it('keep what is masked when they are sent back, in any order and beside new ones', () => {
    expect(unmaskedAddresses(shown, stored)).toEqual(stored);
    expect(unmaskedAddresses([shown[2]!, 'new=https://c.example.org', shown[0]!], stored)).toEqual([
      stored[2],
      'new=https://c.example.org',
      stored[0],
    ]);
    expect(unmaskedAddresses(7, 5)).toBe(7);
  });

  it.each([
    ['another host', 'kev=https://evil.example.org/kev?key=******'],
    ['another name', 'other=https://a.example.org/kev?key=******'],
  ])('are refused for %s', (_, value) => {
    expect(() => unmaskedAddresses([value], stored)).toThrow(/masked/);
  });
});
