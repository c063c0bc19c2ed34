import { describe, expect, it } from 'vitest';
import type { Distro } from '../model/distro.ts';
import { type CoverageState, coverageGaps, coverageReport, LISTED_PACKAGES } from './coverage-report.ts';

const debian: Distro = { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian 12', evidence: 'test' };
const now = new Date('2026-05-10T12:00:00Z');
const deb = (state: CoverageState, name = 'openssl') => ({ type: 'deb' as const, name, version: '1', state });
const index = (ends?: string) => ({ builtAt: '2026-05-09T00:00:00Z', endOfLife: () => ends });
const report = (packages: ReturnType<typeof deb>[], ends?: string) =>
  coverageReport({ packages, distro: debian, index: index(ends), now });

describe('coverageReport', () => {
  it.each([
    ['covered', undefined, 'covered', 'the vulnerability data covers Debian 12'],
    ['covered', '2028-06-30', 'covered', 'the vulnerability data covers Debian 12, supported until 2028-06-30'],
    [
      'covered',
      '2026-05-12',
      'covered',
      'the vulnerability data covers Debian 12, supported until 2026-05-12: 2 days left',
    ],
    ['distro-end-of-life', '2026-05-09', 'end-of-life', 'support of Debian 12 ended on 2026-05-09'],
    [
      'no-data-for-distro',
      undefined,
      'no-data',
      'the vulnerability data has nothing for Debian 12: its packages could not be judged',
    ],
    ['not-matched', undefined, 'not-matched', 'the packages of Debian 12 were not matched yet'],
  ] as const)('says of a distribution that is %s until %s', (state, ends, expected, message) => {
    expect(report([deb(state)], ends).distro).toMatchObject({ state: expected, message });
  });

  it('is complete only when every package had data', () => {
    expect(report([deb('covered')])).toMatchObject({ state: 'complete', gaps: [] });
    expect(report([deb('covered'), deb('unknown-version')])).toMatchObject({ state: 'partial' });
    expect(report([]).distro?.state).toBe('no-packages');
    const none = coverageReport({ packages: [deb('not-matched')], distro: undefined, index: undefined, now });
    expect(none).toMatchObject({ state: 'none', distro: null });
    expect(none.gaps[0]).toBe('no vulnerability data is loaded');
  });

  it('points out the end of support before and after it came', () => {
    expect(report([deb('covered')], '2026-06-30').gaps).toEqual([
      'the vulnerability data covers Debian 12, supported until 2026-06-30: 51 days left',
    ]);
    expect(report([deb('distro-end-of-life')], '2026-01-01').gaps[0]).toContain('ended on 2026-01-01');
  });

  it('counts by ecosystem and names what could not be judged, within bounds', () => {
    const many = Array.from({ length: LISTED_PACKAGES + 5 }, (_, at) => deb('unknown-version', `p${at}`));
    const found = report([...many, deb('covered'), { ...deb('no-data-for-ecosystem', 'x'), type: 'conan' as never }]);
    expect(found.ecosystems).toEqual([
      { type: 'conan', packages: 1, covered: 0 },
      { type: 'deb', packages: many.length + 1, covered: 1 },
    ]);
    expect(found.unknownVersions.count).toBe(many.length);
    expect(found.unknownVersions.packages).toHaveLength(LISTED_PACKAGES);
    expect(found.unmatched).toMatchObject({ count: 1, packages: [{ name: 'x' }] });
  });
});

describe('coverageGaps', () => {
  it('has a sentence for every state that is a gap, and none for others', () => {
    expect(coverageGaps({ covered: 5, nonsense: 3, 'unknown-version': 2 })).toEqual([
      { code: 'unknown-version', message: expect.stringMatching(/^2 packages whose version is unknown/) },
    ]);
  });
});
