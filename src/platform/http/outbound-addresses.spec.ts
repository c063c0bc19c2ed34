import { describe, expect, it } from 'vitest';
import { addressCheck, inNetwork, parseNetwork } from './outbound-addresses.ts';
import { proxyFor, proxyFromEnvironment } from './outbound-proxy.ts';

describe('addressCheck', () => {
  const check = addressCheck();
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '100.100.100.200',
    '224.0.0.1',
    'ff02::1',
    'not an address',
    '',
  ])('denies %s', (address) => expect(check(address)).toBe(false));
  it.each([
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '192.168.0.1',
    '172.17.0.1',
    'fd12::1',
    '93.184.216.34',
    '2606:2800::1',
    '[::1]',
  ])('allows %s', (address) => expect(check(address)).toBe(true));
  it('lets the longest prefix decide', () => {
    const only = addressCheck({ deny: ['0.0.0.0/0', '::/0', '10.1.2.3'], allow: ['10.0.0.0/8', '169.254.169.254'] });
    expect(only('8.8.8.8')).toBe(false);
    expect(only('2606::1')).toBe(false);
    expect(only('10.9.9.9')).toBe(true);
    expect(only('10.1.2.3')).toBe(false);
    expect(only('169.254.169.254')).toBe(true);
    expect(only('169.254.1.1')).toBe(false);
  });
  it('lets configured rules beat built-in ones and deny beat allow on a tie', () => {
    expect(addressCheck({ allow: ['169.254.0.0/16'] })('169.254.1.1')).toBe(true);
    expect(addressCheck({ allow: ['10.0.0.0/8'], deny: ['10.0.0.0/8'] })('10.1.1.1')).toBe(false);
  });
  it.each(['10.0.0.0/33', 'x/8', '10.0.0.0/', '1.2.3.4/8/8', '::/129', '10.0.0'])('refuses %s', (text) => {
    expect(() => parseNetwork(text)).toThrow(/is not an address or a CIDR network/);
  });
  it('compares networks by value', () => {
    expect(inNetwork('fd00::/8', 'fdff::1')).toBe(true);
    expect(inNetwork('192.168.1.77/24', '192.168.1.1')).toBe(true);
    expect(inNetwork('192.168.1.0/24', '192.168.2.1')).toBe(false);
  });
});

describe('proxyFor', () => {
  const settings = { https: 'http://proxy:3128', no: 'example.org, .inner.net,10.0.0.0/8,host:8443' };
  it.each([
    ['https://registry.io/v2', 'http://proxy:3128'],
    ['http://registry.io/v2', undefined],
    ['https://example.org', undefined],
    ['https://sub.example.org', undefined],
    ['https://notexample.org', 'http://proxy:3128'],
    ['https://a.inner.net', undefined],
    ['https://10.2.3.4', undefined],
    ['https://11.2.3.4', 'http://proxy:3128'],
    ['https://host:8443', undefined],
    ['https://host', 'http://proxy:3128'],
    ['https://localhost:5000', undefined],
    ['https://127.0.0.1', undefined],
  ])('%s → %s', (url, proxy) => expect(proxyFor(new URL(url), settings)).toBe(proxy));
  it('reads the environment', () => {
    expect(proxyFromEnvironment({ HTTPS_PROXY: 'a', https_proxy: 'b', NO_PROXY: '*' })).toEqual({
      https: 'b',
      no: '*',
    });
    expect(proxyFor(new URL('https://x'), { https: 'p:1', no: '*' })).toBeUndefined();
    expect(proxyFor(new URL('https://x'), { https: 'p:1' })).toBe('http://p:1');
  });
});
