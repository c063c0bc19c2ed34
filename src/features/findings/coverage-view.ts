import type { ImageCoverage } from '#contract/windlass.ts';
import { type CoverageReport, coverageReport } from '#engine/vulnerabilities/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { CoveredPackage } from './finding-store.ts';

/** `ImageCoverage` of the API without what only the image knows. */
export type CoverageView = Omit<ImageCoverage, 'image_digest' | 'problems'>;

/** Sums up the packages of an image. */
export function imageCoverage(
  packages: readonly Pick<CoveredPackage, 'type' | 'name' | 'version' | 'coverage' | 'matched_with' | 'matchable'>[],
  index: VulnerabilityIndex | undefined,
): CoverageView {
  // The distribution of the packages themselves: an image may hold the package database of another one.
  const distro = packages.find(({ matchable }) => matchable.distro)?.matchable.distro;
  return coverageView(
    coverageReport({
      packages: packages.map(({ type, name, version, coverage, matched_with }) => ({
        type,
        name,
        version,
        state: matched_with === null ? 'not-matched' : coverage,
      })),
      distro,
      index,
      now: new Date(),
    }),
  );
}

/** A report in the words of the API. */
export function coverageView(report: CoverageReport): CoverageView {
  const { state, dataBuiltAt, packages, states, distro, ecosystems, unknownVersions, unmatched, gaps } = report;
  return {
    state,
    ...(dataBuiltAt === undefined ? {} : { data_built_at: dataBuiltAt }),
    packages,
    states: states as Record<string, number>,
    distro: distro && {
      id: distro.id,
      ...(distro.version === undefined ? {} : { version: distro.version }),
      name: distro.name,
      state: distro.state,
      ...(distro.endOfLife === undefined ? {} : { end_of_life: distro.endOfLife }),
      ...(distro.endsInDays === undefined ? {} : { ends_in_days: distro.endsInDays }),
      message: distro.message,
    },
    ecosystems,
    unknown_versions: unknownVersions,
    unmatched,
    gaps,
  };
}
