import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createSecretBox } from './envelope.ts';
import { openKeyRing, parseMasterKey } from './key-ring.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newKey(): string {
  return randomBytes(32).toString('base64');
}

describe('secret box', () => {
  const current = parseMasterKey(newKey(), 'test');
  const previous = parseMasterKey(newKey(), 'test');
  const box = createSecretBox({ current, all: [current, previous] });

  it('returns what was encrypted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, purpose) => {
        expect(box.decryptSecret(box.encryptSecret(plain, purpose), purpose)).toBe(plain.toWellFormed());
      }),
    );
  });

  it('never gives the same text twice, nor the plain one', () => {
    const [a, b] = [box.encryptSecret('hunter2', 'x'), box.encryptSecret('hunter2', 'x')];
    expect(a).not.toBe(b);
    expect(a).not.toContain('hunter2');
    expect(a).toContain(`v1.${current.id}.`);
  });

  it('refuses another purpose, and every changed character', () => {
    const text = box.encryptSecret('secret', 'registry:a');
    expect(() => box.decryptSecret(text, 'registry:b')).toThrow('damaged or belongs elsewhere');
    for (let i = 0; i < text.length - 1; i++) {
      const changed = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1);
      expect(() => box.decryptSecret(changed, 'registry:a')).toThrow();
    }
    for (const broken of ['', 'v1', 'v1.a.b.c', 'plain'])
      expect(() => box.decryptSecret(broken, 'x')).toThrow('stored secret');
  });

  it('rotates to the current key', () => {
    const old = createSecretBox({ current: previous, all: [previous] }).encryptSecret('secret', 'x');
    const fresh = box.rotateSecret(old, 'x');
    expect(createSecretBox({ current, all: [current] }).decryptSecret(fresh ?? '', 'x')).toBe('secret');
    expect(box.rotateSecret(fresh ?? '', 'x')).toBeUndefined();
    expect(() => createSecretBox({ current, all: [current] }).decryptSecret(old, 'x')).toThrow('another master key');
  });
});

describe('key ring', () => {
  it('generates a key once, for this user only', () => {
    const first = openKeyRing({}, folder);
    expect(first.generated).toBe(true);
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
    expect(openKeyRing({}, folder).keys.current).toEqual(first.keys.current);
    const text = readFileSync(join(folder, 'master.key'), 'utf8');
    expect(openKeyRing({ master_key: text }, '/nowhere').keys.current).toEqual(first.keys.current);
  });

  it.each(['', 'short', 'é'.repeat(44), newKey().slice(4), `${newKey()}AAAA`])('refuses the key %j', (text) => {
    expect(() => parseMasterKey(text, 'WINDLASS_MASTER_KEY')).toThrow('32 bytes');
  });

  it('takes base64, base64url and hexadecimal', () => {
    const key = randomBytes(32);
    const ids = (['base64', 'base64url', 'hex'] as const).map((form) => parseMasterKey(key.toString(form), 'x').id);
    expect(new Set(ids).size).toBe(1);
  });
});
