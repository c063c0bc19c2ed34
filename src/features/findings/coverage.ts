import type { Coverage, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { CoveredPackage } from './finding-store.ts';

/** How far the vulnerability data speaks of an image. */
export interface CoverageReport {
  /** `complete`: every package had data. `none`: no vulnerability data is loaded at all. */
  state: 'complete' | 'partial' | 'none';
  /** RFC 3339; absent without data. */
  data_built_at?: string;
  packages: number;
  /** Packages by state of their data. */
  states: Partial<Record<Coverage | 'not-matched', number>>;
  /** One line for each kind of gap, for people. */
  gaps: string[];
}

const GAPS: Record<Exclude<Coverage, 'covered'> | 'not-matched', string> = {
  'no-data-for-distro': 'packages of a distribution release that the vulnerability data does not cover',
  'distro-end-of-life': 'packages of a distribution release that is past its end of life',
  'no-data-for-ecosystem': 'packages of an ecosystem that the vulnerability data does not cover',
  'unknown-version': 'packages whose version is unknown',
  'not-matched': 'packages that were not matched yet',
};

/** The states that are gaps, each with a sentence for people. */
export function coverageGaps(
  states: Readonly<Record<string, number | undefined>>,
): { code: string; message: string }[] {
  return Object.entries(GAPS).flatMap(([state, text]) => {
    const count = states[state];
    return count ? [{ code: state, message: `${count} ${text}` }] : [];
  });
}

/** Sums up the packages of an image. */
export function coverageReport(
  packages: Pick<CoveredPackage, 'coverage' | 'matched_with'>[],
  index: VulnerabilityIndex | undefined,
): CoverageReport {
  const states: CoverageReport['states'] = {};
  for (const pkg of packages) {
    const state = pkg.matched_with === null ? 'not-matched' : pkg.coverage;
    states[state] = (states[state] ?? 0) + 1;
  }
  const gaps = coverageGaps(states).map(({ message }) => message);
  return {
    state: index === undefined ? 'none' : gaps.length === 0 ? 'complete' : 'partial',
    ...(index ? { data_built_at: index.builtAt } : {}),
    packages: packages.length,
    states,
    gaps: index === undefined ? ['no vulnerability data is loaded', ...gaps] : gaps,
  };
}
