import { describe, expect, it } from 'vitest';
import { apiKeyMatches, createApiKey, parseApiKey } from './api-key.ts';

describe('API key', () => {
  it('can be taken apart and matches its own hash only', () => {
    const [one, two] = [createApiKey(), createApiKey()];
    const parsed = parseApiKey(one.value);
    expect(parsed?.id).toBe(one.id);
    expect(apiKeyMatches(parsed?.secret ?? '', one.secretHash)).toBe(true);
    expect(apiKeyMatches(parsed?.secret ?? '', two.secretHash)).toBe(false);
    expect(one.secretHash).not.toContain(parsed?.secret);
  });

  it.each([
    '',
    'wl_',
    'wl_short_secret',
    'password',
    `wl_${'a'.repeat(16)}_${'b'.repeat(42)}`,
    `xx_${'a'.repeat(16)}_${'b'.repeat(43)}`,
  ])('refuses %j', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });
});
