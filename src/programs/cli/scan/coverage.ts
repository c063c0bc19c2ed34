import type { Analysis } from '#engine/model/analysis.ts';
import type { Problem } from '#engine/model/problem.ts';
import {
  type CoverageReport,
  type CoverageState,
  coverageGaps,
  coverageReport,
} from '#engine/vulnerabilities/coverage-report.ts';
import type { Coverage } from '#engine/vulnerabilities/types.ts';
import type { VulnerabilityData } from './vulnerability-data.ts';

/** What was looked at, and what was not: no list of findings means anything without it. */
export interface ScanCoverage {
  /** Everything was read, and every package had vulnerability data (`--packages-only`: everything was read). */
  complete: boolean;
  /** `not-requested`: packages only. */
  matching: 'done' | 'not-requested';
  data: { location: string; checksum: string; schemaVersion: string; builtAt: string; stale: boolean } | null;
  /** Packages by state of their data; empty without matching. */
  states: Partial<Record<CoverageState, number>>;
  /** The distribution and how long it is supported; null without one, and without matching. */
  distro: CoverageReport['distro'];
  /** By type of package; empty without matching. */
  ecosystems: CoverageReport['ecosystems'];
  unknownVersions: CoverageReport['unknownVersions'];
  unmatched: CoverageReport['unmatched'];
  /** One line for each kind of gap, for people. */
  gaps: string[];
  problems: Problem[];
}

/** Describes the coverage of a scan. `packages`: state of each package, absent when nothing was matched. */
export function scanCoverage(
  analysis: Analysis,
  packages: readonly Coverage[] | undefined,
  data: VulnerabilityData | undefined,
  now: Date,
): ScanCoverage {
  const partial = analysis.problems.some(({ severity }) => severity === 'partial');
  const { problems } = analysis;
  if (!packages || !data) {
    const none = { count: 0, packages: [] };
    return {
      complete: !partial,
      matching: 'not-requested',
      data: null,
      states: {},
      distro: null,
      ecosystems: [],
      unknownVersions: none,
      unmatched: none,
      gaps: [],
      problems,
    };
  }
  const { index, location, stale } = data;
  const report = coverageReport({
    packages: analysis.packages.map(({ type, name, version }, at) => ({
      type,
      name,
      version,
      state: packages[at] as Coverage,
    })),
    distro: analysis.distro,
    index,
    now,
  });
  const old = `vulnerabilities that became known after ${index.builtAt.slice(0, 10)}: the data is old`;
  return {
    complete: !partial && coverageGaps(report.states).every(({ code }) => code === 'distro-end-of-life'),
    matching: 'done',
    data: {
      location,
      checksum: index.checksum,
      schemaVersion: index.schemaVersion,
      builtAt: index.builtAt,
      stale,
    },
    states: report.states,
    distro: report.distro,
    ecosystems: report.ecosystems,
    unknownVersions: report.unknownVersions,
    unmatched: report.unmatched,
    gaps: stale ? [old, ...report.gaps] : report.gaps,
    problems,
  };
}

/** Must the result be called incomplete? Something was not read, or the operating system could not be judged at all. */
export function isIncomplete({ problems, states }: ScanCoverage): boolean {
  return problems.some(({ severity }) => severity === 'partial') || (states['no-data-for-distro'] ?? 0) > 0;
}
