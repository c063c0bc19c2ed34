import { describe, expect, it } from 'vitest';
import { chooseSeverity, cvssEntries, cvssScores, riskOf } from './severity.ts';

describe('cvssScores', () => {
  it.each([
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', '2.0', 7.5, 10, 6.4],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10, 10, 10],
    ['AV:L/AC:H/Au:N/C:C/I:C/A:C', '2.0', 6.2, 1.9, 10],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:N', '2.0', 0, 10, 0],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 9.8, 3.9, 5.9],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', '3.1', 10, 3.9, 6],
    ['CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H', '3.1', 7.8, 1.8, 5.9],
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N', '3.0', 5.4, 2.3, 2.7],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', '3.1', 0, 0.1, 0],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N', '3.1', 5.9, 2.2, 3.6],
  ])('%s', (vector, version, base, exploitability, impact) => {
    expect(cvssScores(vector, version)).toEqual({ base, exploitability, impact });
  });

  it.each([
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', 9.3],
  ])('%s', (vector, base) => expect(cvssScores(vector, '4.0')).toEqual({ base }));

  it.each([
    ['', '3.1'],
    ['CVSS:3.1/AV:N', '3.1'],
    ['CVSS:4.0/AV:N', '4.0'],
    ['AV:Q/AC:L/Au:N/C:P/I:P/A:P', '2.0'],
    ['garbage', '2.0'],
  ])('"%s" cannot be read', (vector, version) => {
    expect(cvssScores(vector, version)).toBeUndefined();
  });
});

describe('chooseSeverity', () => {
  it('takes the first by rank', () =>
    expect(
      chooseSeverity([
        ['CVSS', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 'nvd', 2],
        ['CHMLN', 'low', '', '', 1],
      ]),
    ).toBe('Low'));
  it('rates a vector', () =>
    expect(chooseSeverity([['CVSS', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 'nvd', 1]])).toBe(
      'Critical',
    ));
  it('knows no Critical in version 2', () =>
    expect(chooseSeverity([['CVSS', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', '', 1]])).toBe('High'));
  it('goes on where a word says nothing', () =>
    expect(
      chooseSeverity([
        ['HML', 'unknown', '', '', 1],
        ['HML', 'High', '', '', 2],
      ]),
    ).toBe('High'));
  it('is Unknown without entries', () => expect(chooseSeverity([])).toBe('Unknown'));
  it('lists scores', () =>
    expect(
      cvssEntries([
        ['CVSS', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', '', 'x', 1],
        ['CVSS', 'bad', '', '', 2],
      ]),
    ).toHaveLength(1));
});

describe('riskOf', () => {
  it.each([
    [{ severity: 'High', cvss: [], epss: { cve: 'c', score: 0.5, percentile: 1 } }, 37.5],
    [{ severity: 'Critical', cvss: [], kev: { cve: 'c', ransomware: false } }, 94.5],
    [{ severity: 'Critical', cvss: [], kev: { cve: 'c', ransomware: true } }, 99],
    [{ severity: 'Critical', cvss: [] }, 0],
  ] as const)('%o', (detail, expected) => expect(riskOf({ ...detail, cvss: [] })).toBeCloseTo(expected));
});
