import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExplainQuestion, explainSource, MAX_EXPLAINED } from './explain-source.ts';
import { DEFAULT_MATCH_SETTINGS } from './open-index.ts';
import { distro, openSample, pkg, type SampleIndex } from './sample-index.ts';
import type { MatchablePackage, MatchSettings } from './types.ts';

const bookworm = distro('debian', '12');
const jessie = distro('debian', '8');
let sample: SampleIndex;

beforeAll(async () => {
  sample = await openSample({
    systems: { bookworm: ['debian', 'debian', '12', '', '', 'bookworm'] },
    records: [
      {
        id: 'CVE-1',
        provider: 'debian',
        system: 'bookworm',
        package: ['deb', 'openssl'],
        ranges: [['dpkg', '< 3.0.11-1', '3.0.11-1']],
      },
      {
        id: 'GHSA-2',
        provider: 'github',
        package: ['npm', 'lodash'],
        ranges: [['semantic', '< 4.17.21', '4.17.21']],
        aliases: ['CVE-2'],
      },
      { id: 'CVE-3', provider: 'nvd', cpe: ['acme', 'tool'], ranges: [['semantic', '< 2.0', '2.0']] },
      {
        id: 'CVE-4',
        provider: 'github',
        package: ['npm', 'left-pad'],
        status: 'rejected',
        ranges: [['semantic', '< 9', '9']],
      },
    ],
  });
});
afterAll(() => sample?.close());

/** Asks of packages with what matching reports of them. */
function ask(
  packages: MatchablePackage[],
  question: ExplainQuestion,
  settings: MatchSettings = DEFAULT_MATCH_SETTINGS,
) {
  const { index } = sample;
  return explainSource(
    {
      index,
      settings,
      packages: packages.map((one, at) => {
        const { matches, suppressed } = index.match(one, settings);
        return { id: String(at), package: one, reported: matches, suppressed };
      }),
    },
    question,
  );
}

const openssl = pkg('deb', 'openssl', '3.0.9-1', { distro: bookworm });
const lodash = pkg('npm', 'lodash', '4.17.20');

describe('explainSource', () => {
  it.each<[string, MatchablePackage[], ExplainQuestion, string]>([
    ['a finding', [openssl], { vulnerability: 'CVE-1' }, 'reported'],
    ['a finding by alias', [lodash], { vulnerability: 'cve-2' }, 'reported'],
    [
      'a version beyond the fix',
      [{ ...openssl, version: '3.0.11-1' }],
      { vulnerability: 'CVE-1' },
      'version-not-in-range',
    ],
    ['a package of another name', [lodash], { vulnerability: 'CVE-1' }, 'names-other-packages'],
    ['an unknown id', [openssl], { vulnerability: 'CVE-9' }, 'no-record'],
    ['a package that is not there', [openssl], { vulnerability: 'CVE-1', package: 'nginx' }, 'package-not-found'],
    ['a withdrawn record', [pkg('npm', 'left-pad', '1.0.0')], { vulnerability: 'CVE-4' }, 'record-withdrawn'],
    ['a release without data', [{ ...openssl, distro: jessie }], { vulnerability: 'CVE-1' }, 'no-data-for-distro'],
    ['an unknown version', [{ ...openssl, version: '' }], { vulnerability: 'CVE-1' }, 'unknown-version'],
    ['a package alone', [openssl], { package: 'OpenSSL' }, 'reported'],
    ['a clean package alone', [pkg('npm', 'fine', '1.0.0')], { package: 'fine' }, 'nothing-reported'],
    [
      'a source package',
      [pkg('deb', 'libssl3', '3.0.9-1', { distro: bookworm, source: 'openssl' })],
      { vulnerability: 'CVE-1', package: 'openssl' },
      'reported',
    ],
  ])('answers %s', (_, packages, question, verdict) => {
    expect(ask(packages, question).verdict).toBe(verdict);
  });

  it('names the excluded provider', () => {
    const settings = { ...DEFAULT_MATCH_SETTINGS, excludeProviders: ['github'] };
    expect(ask([lodash], { vulnerability: 'GHSA-2' }, settings)).toMatchObject({
      verdict: 'provider-excluded',
      summary: expect.stringContaining('github'),
    });
  });

  it('holds packages with CPE names against records without package names', () => {
    const tool = pkg('binary', 'tool', '1.0', { cpes: ['cpe:2.3:a:acme:tool:1.0:*:*:*:*:*:*:*'] });
    const answer = ask([tool, lodash], { vulnerability: 'CVE-3' });
    expect(answer).toMatchObject({ verdict: 'reported', considered: 1 });
    expect(answer.packages[0]?.trail?.steps[0]).toMatchObject({ outcome: 'in-range', namespace: 'nvd:cpe' });
  });

  it('says so when a rule took the finding away', () => {
    const { index } = sample;
    const [match] = index.match(lodash, DEFAULT_MATCH_SETTINGS).matches;
    const suppressed = [{ ...match!, rule: 'user' as const, reason: 'not reachable' }];
    const answer = explainSource(
      { index, settings: DEFAULT_MATCH_SETTINGS, packages: [{ id: '1', package: lodash, reported: [], suppressed }] },
      { vulnerability: 'CVE-2' },
    );
    expect(answer).toMatchObject({ verdict: 'suppressed', summary: expect.stringContaining('not reachable') });
  });

  it('is bounded: packages are counted, not all shown, and unrelated ones not looked at', () => {
    const copies = Array.from({ length: MAX_EXPLAINED + 20 }, () => lodash);
    const others = Array.from({ length: 500 }, (_, at) => pkg('npm', `other-${at}`, '1.0.0'));
    const answer = ask([...copies, ...others], { vulnerability: 'GHSA-2' });
    expect(answer).toMatchObject({ considered: copies.length, truncated: true });
    expect(answer.packages).toHaveLength(MAX_EXPLAINED);
  });

  it('has an answer without data', () => {
    const source = { index: undefined, settings: DEFAULT_MATCH_SETTINGS, packages: [] };
    expect(explainSource(source, { vulnerability: 'CVE-1' }).verdict).toBe('no-data');
  });
});
