import { describe, expect, it } from 'vitest';
import { factsOf, packageOf, policyOf, ruleOf, vulnerabilityOf } from '../../testing/facts.ts';
import { fire, firedIds, judge } from '../../testing/judge.ts';
import type { VulnerabilityFact } from '../../types.ts';

const OS = packageOf('deb', 'openssl', '3.0');
const JAR = packageOf('java-archive', 'log4j', '2.0', '/app/test/log4j-2.0.jar');

function fires(params: Record<string, string>, fact: VulnerabilityFact): boolean {
  return (
    firedIds(
      'vulnerabilities',
      'package',
      { package_type: 'all', ...params },
      factsOf({ vulnerabilities: { state: 'present', value: [fact] } }),
    ).length > 0
  );
}

const nvd = {
  source: 'nvd@nist.gov',
  version: '3.1',
  vector: '',
  baseScore: 8,
  exploitabilityScore: 3,
  impactScore: 5,
};
const vendor = { source: 'security@vendor.example', version: '3.0', vector: '', baseScore: 5 };

describe('vulnerabilities.package', () => {
  it.each([
    [{ package_type: 'os' }, OS, {}, true],
    [{ package_type: 'non-os' }, OS, {}, false],
    [{ package_type: 'non-os' }, packageOf('rust-crate', 'a', '1'), {}, true],
    [{}, OS, { vulnerability: { severity: 'Unknown' } }, false],
    [{ severity_comparison: '>=' }, OS, { vulnerability: { severity: 'Unknown' } }, true],
    [{ severity_comparison: '<=', severity: 'medium' }, OS, { vulnerability: { severity: 'Low' } }, true],
    [{ severity_comparison: '!=', severity: 'high' }, OS, {}, false],
    [{}, OS, { willNotFix: true }, false],
    [{ vendor_only: 'FALSE' }, OS, { willNotFix: true }, true],
    [{ fix_available: 'true' }, OS, {}, false],
    [{ fix_available: 'true' }, OS, { fixVersions: ['3.1'] }, true],
    [{ fix_available: 'false' }, OS, { fixVersions: ['3.1'] }, false],
    [{ package_path_exclude: '/app/test/.*' }, JAR, {}, false],
    [{ package_path_exclude: '/test/.*' }, JAR, {}, true],
    [{ package_path_exclude: '.*' }, OS, {}, true],
    [{ max_days_since_creation: '7' }, OS, { detectedAt: '2026-02-20T00:00:00Z' }, true],
    [{ max_days_since_creation: '7' }, OS, { detectedAt: '2026-02-27T00:00:00Z' }, false],
    [{ max_days_since_creation: '7' }, OS, {}, true],
    [
      { fix_available: 'true', max_days_since_fix: '7' },
      OS,
      { fixVersions: ['1'], fixObservedAt: '2026-02-27T00:00:00Z' },
      false,
    ],
    [{ fix_available: 'true', max_days_since_fix: '7' }, OS, { fixVersions: ['1'] }, true],
    [{ max_days_since_fix: '7' }, OS, { fixVersions: ['1'], fixObservedAt: '2026-02-27T00:00:00Z' }, true],
    [{ cvss_v3_base_score: '7.0' }, OS, { vulnerability: { cvss: [nvd] } }, true],
    [{ cvss_v3_base_score: '7.0' }, OS, { nvdCvss: [nvd] }, true],
    [{ cvss_v3_base_score: '7.0' }, OS, { vulnerability: { cvss: [{ ...nvd, version: '4.0' }] } }, false],
    [{ cvss_v3_base_score: '7.0', cvss_v3_base_score_comparison: '<' }, OS, {}, true],
    [{ cvss_v3_exploitability_score: '3', cvss_v3_impact_score: '6' }, OS, { vulnerability: { cvss: [nvd] } }, false],
    [{ vendor_cvss_v3_base_score: '5.0' }, OS, { vulnerability: { cvss: [nvd, vendor] } }, true],
    [{ vendor_cvss_v3_base_score: '6' }, OS, { vulnerability: { cvss: [nvd, vendor] } }, false],
    [
      { cvss_v3_base_score: '4' },
      OS,
      { vulnerability: { provider: 'nvd', cvss: [{ version: '3.1', vector: '', baseScore: 5 }] } },
      true,
    ],
    [{ epss_score: '0.1' }, OS, { vulnerability: { epss: { cve: 'CVE-1', score: 0.2, percentile: 0.9 } } }, true],
    [{ epss_percentile: '95' }, OS, { vulnerability: { epss: { cve: 'CVE-1', score: 0.2, percentile: 0.9 } } }, false],
    [{ epss_score: '0.1' }, OS, {}, false],
    [{ known_exploited_vulnerability: 'true' }, OS, {}, false],
    [
      { known_exploited_vulnerability: 'true' },
      OS,
      { vulnerability: { kev: { cve: 'CVE-1', ransomware: false } } },
      true,
    ],
    [
      { known_exploited_vulnerability: 'false' },
      OS,
      { vulnerability: { kev: { cve: 'CVE-1', ransomware: false } } },
      false,
    ],
    [{ inherited_from_base: 'false' }, OS, { inheritedFromBase: true }, false],
    [{ inherited_from_base: 'false' }, OS, {}, true],
  ] as const)('%j, %s', (params, pkg, changes, expected) => {
    expect(fires(params, vulnerabilityOf('CVE-1', pkg, changes as never))).toBe(expected);
  });

  it('two packages with one vulnerability are two findings; a fix is a remediation', () => {
    const value = ['a', 'b'].map((name) =>
      vulnerabilityOf('CVE-1', packageOf('deb', name, '1'), { fixVersions: ['2'] }),
    );
    const result = fire(
      'vulnerabilities',
      'package',
      { package_type: 'all' },
      factsOf({ vulnerabilities: { state: 'present', value } }),
    );
    expect(result.findings.map((finding) => finding.triggerId)).toEqual(['CVE-1+a', 'CVE-1+b']);
  });
});

describe('other vulnerability triggers', () => {
  const facts = factsOf({
    vulnerabilities: {
      state: 'present',
      value: [
        vulnerabilityOf('GHSA-1', OS, {
          vulnerability: { aliases: ['CVE-9'], kev: { cve: 'CVE-9', ransomware: true } },
        }),
      ],
    },
  });

  it.each([
    ['denylist', { vulnerability_ids: 'GHSA-1,CVE-8' }, 1],
    ['denylist', { vulnerability_ids: 'CVE-9' }, 1],
    ['denylist', { vulnerability_ids: 'CVE-8' }, 0],
    ['blacklist', { vulnerability_ids: 'GHSA-1' }, 1],
    ['kev_list', {}, 1],
    ['vulnerability_data_unavailable', {}, 0],
    ['stale_feed_data', { max_days_since_sync: '1' }, 0],
    ['stale_feed_data', { max_days_since_sync: '0' }, 1],
  ] as const)('%s %j: %i', (trigger, params, count) => {
    expect(firedIds('vulnerabilities', trigger, params as Record<string, string>, facts)).toHaveLength(count);
  });

  it('renamed triggers hash their own name and share a fingerprint', () => {
    const rules = [
      ruleOf('vulnerabilities', 'denylist', 'WARN', { vulnerability_ids: 'CVE-9' }),
      ruleOf('vulnerabilities', 'blacklist', 'WARN', { vulnerability_ids: 'CVE-9' }),
    ];
    const { findings, problems } = judge(policyOf(rules), facts);
    expect(findings[0]!.triggerId).not.toBe(findings[1]!.triggerId);
    expect(findings[0]!.fingerprint).toBe(findings[1]!.fingerprint);
    expect(problems).toMatchObject([{ severity: 'warn', problem_type: 'deprecated_trigger' }]);
  });

  it('missing data fire', () => {
    for (const feed of [{ coversDistro: true }, { builtAt: '2026-02-28T00:00:00Z', coversDistro: false }]) {
      expect(firedIds('vulnerabilities', 'vulnerability_data_unavailable', {}, factsOf({ feed }))).toHaveLength(1);
    }
    expect(
      firedIds(
        'vulnerabilities',
        'stale_feed_data',
        { max_days_since_sync: '9' },
        factsOf({ feed: { coversDistro: true } }),
      ),
    ).toHaveLength(1);
  });
});
