import type { Analysis } from '#engine/model/analysis.ts';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { findAnalysis, getAnalysisDocument, packageIdsOf } from '#features/analyses/index.ts';
import { apiPackageType, type ImageService, packagePath } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { notFound } from '#shared/errors.ts';
import { type CoverageReport, coverageReport } from './coverage.ts';
import { type FindingRow, findingsOf, nvdDetails, packagesOf, suppressedOf } from './finding-store.ts';
import { matchAll, matchPackageIds, matchStamp, refreshVulnerabilities } from './match-packages.ts';
import { namespaceMatches } from './namespaces.ts';
import { type OwnedFinding, splitByOwnership } from './ownership.ts';
import { imagesByVulnerability, namespacesOf, type VulnerableImage } from './query-store.ts';
import { cvesOf, isOfType, vulnerabilityRow } from './vulnerability-view.ts';

export interface FindingServiceDependencies {
  database: Database;
  objects: ObjectStore;
  images: Pick<ImageService, 'get' | 'getAnalyzed'>;
  /** The index in use; undefined before the first feed sync. */
  currentIndex(): VulnerabilityIndex | undefined;
  settings: MatchSettings;
  matcherVersion: number | number;
}

/** Findings of an image after the overlays that depend on the image. */
export interface ImageFindings {
  findings: FindingRow[];
  /** Matches taken away because an OS package owns the package's files. */
  owned: OwnedFinding[];
  analyzedAt?: Date;
}

export type FindingService = ReturnType<typeof createFindingService>;

const NAMING = { apiPackageType, packagePath };

/** Which known vulnerabilities the packages of an image have, and why. */
export function createFindingService(deps: FindingServiceDependencies) {
  const { database, objects, images } = deps;
  const { db } = database;

  function matching(index: VulnerabilityIndex) {
    return { database, index, settings: deps.settings, stamp: matchStamp(index, deps.matcherVersion, deps.settings) };
  }

  /** The analysis row of an image that the account has; 404 otherwise. */
  async function analysisOf(account: string, digest: string) {
    const image = await images.getAnalyzed(account, digest);
    const analysis = await findAnalysis(db, image.digest);
    if (!analysis) throw notFound(`analysis of image ${digest} is missing`);
    return { image, analysis };
  }

  async function findings(account: string, digest: string): Promise<ImageFindings> {
    const { image, analysis } = await analysisOf(account, digest);
    const split = splitByOwnership(await findingsOf(db, analysis.id), await packagesOf(db, analysis.id), {
      index: deps.currentIndex(),
      settings: deps.settings,
    });
    return { ...split, ...(image.analyzed_at ? { analyzedAt: image.analyzed_at } : {}) };
  }

  async function shown(
    account: string,
    digest: string,
    options: { type: 'os' | 'non-os' | 'all'; vendorOnly: boolean },
  ) {
    const { findings: all } = await findings(account, digest);
    return all.filter(
      (finding) =>
        isOfType(finding.type, options.type) && !(options.vendorOnly && finding.match.fix.state === 'wont-fix'),
    );
  }

  return {
    /** 404 unless the account has the image, in whatever state. */
    requireImage: async (account: string, digest: string) => void (await images.get(account, digest)),

    findings,
    /** Findings that an answer shows: of a type, and without those that the vendor will not fix. */
    shown,

    /** Matches the packages of an image again, for clients that ask for fresh data. Cheap when nothing is stale. */
    async refreshImage(account: string, digest: string): Promise<void> {
      const index = deps.currentIndex();
      const { analysis } = await analysisOf(account, digest);
      if (index) await matchPackageIds(matching(index), await packageIdsOf(db, analysis.id));
    },

    /** Rows of `vuln/{type}`. */
    async report(
      account: string,
      digest: string,
      options: { type: 'os' | 'non-os' | 'all'; vendorOnly: boolean; description: boolean; baseDigest?: string },
    ) {
      const { analyzed_at: analyzedAt } = await images.getAnalyzed(account, digest);
      const rows = await shown(account, digest, options);
      const nvd = await nvdDetails(db, [...new Set(rows.flatMap((finding) => cvesOf(finding.detail)))]);
      const base = options.baseDigest === undefined ? undefined : await baseKeys(account, options.baseDigest);
      return {
        image_digest: digest,
        ...(options.baseDigest === undefined
          ? {}
          : { base_digest: options.baseDigest, base_image_problems: base?.problems ?? [] }),
        vulnerability_type: options.type,
        extended_support: false,
        vulnerabilities: rows.map((finding) => ({
          ...vulnerabilityRow(finding, nvd, NAMING, {
            description: options.description,
            ...(analyzedAt ? { analyzedAt } : {}),
          }),
          ...(base?.keys ? { inherited_from_base: base.keys.has(findingKey(finding)) } : {}),
        })),
      };
    },

    /** Which packages had data, and which had not: an empty list of findings means nothing without it. */
    async coverage(account: string, digest: string): Promise<CoverageReport> {
      const { analysis } = await analysisOf(account, digest);
      return coverageReport(await packagesOf(db, analysis.id), deps.currentIndex());
    },

    async suppressed(account: string, digest: string) {
      const { analysis } = await analysisOf(account, digest);
      return { rules: await suppressedOf(db, analysis.id), owned: (await findings(account, digest)).owned };
    },

    /** Matches what an analysis brought; called when it is stored. Without an index the packages wait for the first feed. */
    async matchAnalysis(analysisId: number): Promise<void> {
      const index = deps.currentIndex();
      if (index) await matchPackageIds(matching(index), await packageIdsOf(db, analysisId));
    },

    /** Brings every result of the installation to an index: after a new build, new settings or a new matcher. */
    async rematch(
      index: VulnerabilityIndex,
      options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
    ) {
      const delta = await matchAll(matching(index), options);
      await refreshVulnerabilities(database, index, options.signal);
      return delta;
    },

    /** Images of an account that a vulnerability was found in, by digest; one more than `limit` when there are more. */
    async imagesWith(
      account: string,
      query: { vulnerability: string; namespace?: string; package?: string; severity?: string; vendorOnly: boolean },
      page: { limit: number | undefined; offset: number },
    ): Promise<VulnerableImage[]> {
      const { namespace, ...rest } = query;
      const known = await namespacesOf(db, query.vulnerability);
      const namespaces = namespace ? known.filter((one) => namespaceMatches(namespace, one)) : known;
      return imagesByVulnerability(db, account, { ...rest, namespaces }, page);
    },

    /** The document of an image's analysis, for policy and explanations. */
    async document(account: string, digest: string): Promise<Analysis> {
      const { analysis } = await analysisOf(account, digest);
      return getAnalysisDocument(objects, analysis);
    },
  };

  /** What a base image has; problems say why a comparison is impossible. */
  async function baseKeys(
    account: string,
    baseDigest: string,
  ): Promise<{ keys?: Set<string>; problems: { severity: string; problem_type: string; details: string }[] }> {
    try {
      const base = await findings(account, baseDigest);
      return { keys: new Set(base.findings.map(findingKey)), problems: [] };
    } catch (error) {
      return {
        problems: [{ severity: 'error', problem_type: 'base_image_unavailable', details: (error as Error).message }],
      };
    }
  }
}

/** A finding is inherited when the base has the same vulnerability in the same package version. */
function findingKey(finding: FindingRow): string {
  return [finding.match.vulnerability, finding.match.namespace, finding.type, finding.name, finding.version].join('\n');
}
