import { describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from './open-index.ts';
import { advisoryMatcher, readPrivateAdvisory } from './private-advisories.ts';
import { distro, pkg } from './sample-index.ts';
import type { MatchablePackage } from './types.ts';

const record = (id: string, ecosystem: string, name: string, more: object = {}) => ({
  id,
  affected: [
    { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }] },
  ],
  ...more,
});

const matcher = advisoryMatcher([
  record('ACME-1', 'npm', '@acme/ui', { summary: 'text', database_specific: { severity: 'HIGH' } }),
  record('ACME-2', 'Debian:12', 'acme-agent'),
  record('ACME-3', 'npm', '@acme/ui', { withdrawn: '2026-01-01T00:00:00Z' }),
  record('ACME-4', 'AlmaLinux:9', 'acme-agent'),
]);
const found = (of: MatchablePackage): string[] =>
  matcher.match(of, DEFAULT_MATCH_SETTINGS).map(({ vulnerability, namespace }) => `${namespace} ${vulnerability}`);

describe('advisoryMatcher', () => {
  it.each<[MatchablePackage, string[]]>([
    [pkg('npm', '@acme/ui', '1.9.0'), ['private:language:javascript ACME-1']],
    [pkg('npm', '@acme/ui', '2.0.0'), []],
    [pkg('npm', '@acme/other', '1.0.0'), []],
    [pkg('deb', 'acme-agent', '1', { distro: distro('debian', '12') }), ['private:distro:debian:12 ACME-2']],
    [pkg('deb', 'acme-agent', '1', { distro: distro('debian', '11') }), []],
    [
      pkg('deb', 'acme-agent-doc', '1', { distro: distro('debian', '12'), source: 'acme-agent@1' }),
      ['private:distro:debian:12 ACME-2'],
    ],
  ])('$name $version', (of, expected) => expect(found(of)).toEqual(expected));

  it('tells facts and fixes', () => {
    const [match] = matcher.match(pkg('npm', '@acme/ui', '1.0.0'), DEFAULT_MATCH_SETTINGS);
    expect(match).toMatchObject({ provider: 'private', fix: { state: 'fixed', versions: ['2'] } });
    expect(matcher.detail(match!)).toMatchObject({ id: 'ACME-1', severity: 'High', description: 'text' });
  });

  it('cannot be switched off by excluding a provider', () => {
    const settings = { ...DEFAULT_MATCH_SETTINGS, excludeProviders: ['private'] };
    expect(matcher.match(pkg('npm', '@acme/ui', '1.0.0'), settings)).toHaveLength(1);
  });

  it('tells what concerns no package', () => {
    expect(readPrivateAdvisory(record('ACME-9', 'Android', 'x')).problems).toHaveLength(1);
  });
});
