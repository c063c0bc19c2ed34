export type { BuildOptions, BuildPhase, BuildProgress, FurtherSource } from './build/build-index.ts';
export { buildIndex } from './build/build-index.ts';
export { type BuildReport, readBuildReport } from './build-report.ts';
export type {
  CoverageReport,
  CoverageState,
  CoveredComponent,
  DistroCoverage,
  EcosystemCoverage,
  UnjudgedPackages,
} from './coverage-report.ts';
export { coverageGaps, coverageReport, coverageStates } from './coverage-report.ts';
export { type IndexDelta, indexDelta, type KeyChanges, matchesAlike, UnorderedStream } from './delta/index.ts';
export type {
  ExplainablePackage,
  ExplainedPackage,
  ExplainQuestion,
  SourceExplanation,
} from './explain-source.ts';
export { explainSource } from './explain-source.ts';
export { VERDICTS, type Verdict } from './explain-verdict.ts';
export type { FeedErrorCode } from './feed-error.ts';
export { FeedError } from './feed-error.ts';
export type { SourceFinding, SourceFindings, SuppressedSourceFinding } from './find-vulnerabilities.ts';
export { findVulnerabilities, findVulnerabilitiesGently } from './find-vulnerabilities.ts';
export type { FeedOptions, FetchedDatabase } from './grype-v6/fetch-database.ts';
export { fetchDatabase, openArchiveDatabase, readListing } from './grype-v6/fetch-database.ts';
export type { Listing } from './grype-v6/listing.ts';
export { tarMembers } from './grype-v6/untar.ts';
export { packageIdentity, searchNames, toMatchable } from './identity.ts';
export { MATCHER_VERSION } from './matcher-version.ts';
export { parseCpe } from './matchers/cpe-name.ts';
export { DEFAULT_MATCH_SETTINGS, openIndex } from './open-index.ts';
export type { OwnershipInput } from './ownership.ts';
export { applyOwnership, leftToOwners } from './ownership.ts';
export { type AdvisoryMatcher, advisoryMatcher, PRIVATE_PROVIDER, readPrivateAdvisory } from './private-advisories.ts';
export type { ExclusionFile } from './read-exclusions.ts';
export { readExclusions } from './read-exclusions.ts';
export { settingsDigest } from './settings-digest.ts';
export { riskOf } from './severity.ts';
export type { FetchedSource, KnownSource, SourceRequest } from './sources/fetch-source.ts';
export { fetchSource } from './sources/fetch-source.ts';
export { type TarFile, tarBytes } from './sources/tar-writer.ts';
