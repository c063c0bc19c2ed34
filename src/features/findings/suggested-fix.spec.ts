import { describe, expect, it } from 'vitest';
import type { Match } from '#engine/vulnerabilities/types.ts';
import { suggestedFix } from './suggested-fix.ts';

function match(scheme: Match['scheme'], version: string, versions: string[]): Match {
  return {
    vulnerability: 'CVE-1',
    namespace: 'n',
    provider: 'p',
    fix: { state: 'fixed', versions },
    constraint: '',
    scheme,
    kind: 'exact-direct',
    searchedBy: { name: 'a', version },
    aliases: [],
  };
}

describe('suggestedFix', () => {
  it.each([
    ['go', 'go1.19.8', ['1.20.4', '1.19.9'], '1.19.9'],
    ['semver', '2.0.0', ['1.9.9', '2.10.0', '2.9.0'], '2.9.0'],
    ['deb', '3.0.9-1', ['3.0.11-1~deb12u2'], '3.0.11-1~deb12u2'],
    ['deb', '3.0.9-1', [], undefined],
    ['npm', '5.0.0', ['4.17.21'], undefined],
    ['npm', '5.0.0', [''], undefined],
  ] as const)('%s %s of %j: %s', (scheme, version, fixes, expected) =>
    expect(suggestedFix(match(scheme, version, [...fixes]))).toBe(expected),
  );
});
