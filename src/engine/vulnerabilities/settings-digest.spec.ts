import { describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from './open-index.ts';
import { settingsDigest } from './settings-digest.ts';
import type { MatchSettings } from './types.ts';

const base = settingsDigest(DEFAULT_MATCH_SETTINGS);

describe('settingsDigest', () => {
  it.each<[string, Partial<MatchSettings>]>([
    ['the day', { now: '2026-01-01T00:00:00Z' }],
    ['defaults', { kernelHeaders: 'suppress', ubuntuPro: 'auto', builtInExclusions: true, exclusions: [] }],
  ])('does not depend on %s', (_, more) => expect(settingsDigest({ ...DEFAULT_MATCH_SETTINGS, ...more })).toBe(base));

  it.each<[string, Partial<MatchSettings>]>([
    ['CPE search', { cpe: { npm: true } }],
    ['providers', { excludeProviders: ['nvd'] }],
    ['package types', { excludePackageTypes: ['npm'] }],
    ['kernel', { kernelPackages: 'suppress' }],
    ['exclusions', { exclusions: [{ vulnerability: 'CVE-1', justification: 'x' }] }],
  ])('depends on %s', (_, more) => expect(settingsDigest({ ...DEFAULT_MATCH_SETTINGS, ...more })).not.toBe(base));

  it('does not depend on order', () => {
    const of = (providers: string[], cpe: MatchSettings['cpe']) =>
      settingsDigest({ ...DEFAULT_MATCH_SETTINGS, excludeProviders: providers, cpe });
    expect(of(['a', 'b'], { npm: true, gem: false })).toBe(of(['b', 'a', 'b'], { gem: false, npm: true }));
  });
});
