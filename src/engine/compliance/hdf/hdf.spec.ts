import { describe, expect, it } from 'vitest';
import { arf } from '../../../../test/builders/compliance.ts';
import { readComplianceReport } from '../read-report.ts';
import { RULE_OUTCOMES } from '../types.ts';
import { checkHdf } from './check-hdf.ts';
import { hdfOfReport } from './from-report.ts';

const NIST = 'http://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-53r4.pdf';

async function converted() {
  const rules = RULE_OUTCOMES.map((result) => ({ id: `rule_${result}`, result, severity: 'high' }));
  const report = await readComplianceReport([
    Buffer.from(
      arf({
        rules: [
          ...rules,
          {
            id: 'rule_tags',
            result: 'pass',
            severity: 'unknown',
            ident: { system: 'http://cyber.mil/cci', value: 'CCI-000366' },
            reference: { href: NIST, text: 'CM-6(a)' },
          },
        ],
      }),
    ),
  ]);
  return hdfOfReport(report);
}

describe('hdfOfReport', () => {
  it('turns outcomes into statuses, and impacts of rules that do not apply into 0', async () => {
    const [profile] = (await converted()).profiles;
    const rows = profile!.controls.map(({ id, impact, results }) => [id.slice(5), results[0]!.status, impact]);
    expect(rows).toEqual([
      ['pass', 'passed', 0.7],
      ['fail', 'failed', 0.7],
      ['error', 'error', 0.7],
      ['unknown', 'error', 0.7],
      ['notapplicable', 'skipped', 0],
      ['notchecked', 'skipped', 0.7],
      ['notselected', 'skipped', 0.7],
      ['informational', 'skipped', 0.7],
      ['fixed', 'passed', 0.7],
      ['tags', 'passed', 0],
    ]);
  });

  it('has tags, texts and times', async () => {
    const document = await converted();
    expect(document).toMatchObject({ platform: { name: 'XCCDF', target_id: 'web-1' }, statistics: { duration: 5 } });
    expect(document.profiles[0]).toMatchObject({
      name: 'profile_standard',
      title: 'Sample benchmark: Standard profile',
      version: '7',
      groups: [{ id: 'group_1' }],
    });
    expect(document.profiles[0]!.controls.at(-1)).toMatchObject({
      tags: { nist: ['CM-6(a)'], cci: ['CCI-000366'], gid: 'group_1', fix: 'Turn it on.' },
      descriptions: [{ label: 'rationale' }, { label: 'fix' }],
      results: [{ code_desc: 'oval:rule_tags:def:1', start_time: '2026-03-01T10:00:05.000Z' }],
    });
  });

  it('is accepted by the check of uploads', async () => {
    expect(checkHdf(JSON.stringify(await converted()))).toEqual({
      platform: 'XCCDF',
      profile: 'Sample benchmark: Standard profile',
      profileVersion: '7',
      evaluatedAt: '2026-03-01T10:00:05.000Z',
      controls: 10,
      counts: { passed: 3, failed: 1, error: 2, skipped: 4 },
    });
  });
});

describe('checkHdf', () => {
  const control = { id: 'a', impact: 0.5, results: [{ status: 'passed', code_desc: 'x', start_time: 'now' }] };
  const profile = { name: 'p', sha256: 'x', controls: [control] };
  const base = { platform: { name: 'p', release: '1' }, version: '1', statistics: {}, profiles: [profile] };
  const one = (change: object) => ({ ...base, profiles: [{ ...profile, controls: [{ ...control, ...change }] }] });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', undefined, /not JSON/],
    ['a list', [], /the document is not an object/],
    ['no platform', { ...base, platform: undefined }, /platform is not/],
    ['no version', { ...base, version: 1 }, /version is not/],
    ['no profiles', { ...base, profiles: [] }, /profiles is empty/],
    ['a profile without controls', { ...base, profiles: [{ name: 'p' }] }, /profiles\[0\]\.controls/],
    ['a control without id', one({ id: 1 }), /controls\[0\]\.id/],
    ['an impact above 1', one({ impact: 2 }), /impact/],
    ['a status that is none', one({ results: [{ status: 'ok' }] }), /results\[0\]\.status/],
  ])('refuses %s', (_, value, message) => {
    expect(() => checkHdf(JSON.stringify(value) ?? '')).toThrow(message);
  });

  it('takes documents without times and results of overlays', () => {
    expect(checkHdf(JSON.stringify(base))).toMatchObject({ controls: 1, counts: { passed: 1 } });
    expect(checkHdf(JSON.stringify(one({ results: undefined })))).toMatchObject({ counts: { skipped: 1 } });
  });
});
