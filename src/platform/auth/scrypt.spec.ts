import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './scrypt.ts';

describe('scrypt', () => {
  it('verifies what it hashed and nothing else', async () => {
    const stored = await hashPassword('pässword:1');
    expect(stored).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword('pässword:1', stored)).toBe(true);
    expect(await verifyPassword('pässword:2', stored)).toBe(false);
  });

  it('salts: equal passwords have different hashes', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('takes the cost from the hash', async () => {
    // Test vector of RFC 7914 §12: password "pleaseletmein", salt "SodiumChloride", N=16384, r=8, p=1, 64 bytes.
    const key =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const encode = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
    const stored = `$scrypt$ln=14,r=8,p=1$${encode(Buffer.from('SodiumChloride'))}$${encode(Buffer.from(key, 'hex'))}`;
    expect(await verifyPassword('pleaseletmein', stored)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['another algorithm', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA'],
    ['too much memory', '$scrypt$ln=30,r=8,p=1$c2FsdA$aGFzaA'],
    ['zero cost', '$scrypt$ln=0,r=8,p=1$c2FsdA$aGFzaA'],
    ['plain text', 'secret'],
  ])('refuses a stored hash that is %s', async (_, stored) => {
    expect(await verifyPassword('secret', stored)).toBe(false);
  });
});
