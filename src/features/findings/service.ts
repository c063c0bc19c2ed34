import type { Analysis } from '#engine/model/analysis.ts';
import type { MatchSettings, SuppressedMatch, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { analysisOfImage, getAnalysisDocument, packageIdsOf } from '#features/analyses/index.ts';
import type { ImageRow, ImageService } from '#features/images/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { AppError, notFound } from '#shared/errors.ts';
import { createAnalysisFindings, isShown, type PrivateMatches, type ShownFindings } from './analysis-findings.ts';
import { type BaseImageProblem, findBaseImage, findingKey } from './base-image.ts';
import { type CoverageView, imageCoverage } from './coverage-view.ts';
import {
  type DatedFinding,
  type FindingSelection,
  type PlacedPackage,
  placedPackages,
  selectedFindings,
  selectedSuppressed,
} from './explainable-store.ts';
import { correctedAwayOf, type FindingAnnotation, type FindingRow, packagesOf, suppressedOf } from './finding-store.ts';
import { announceRun } from './match-events.ts';
import { noteAffectedImages } from './match-fan-out-store.ts';
import { matchPackageIds, matchStamp } from './match-packages.ts';
import { type DeltaPreview, previewDelta } from './match-preview.ts';
import { type RematchOptions, type RematchResult, rematch } from './match-run.ts';
import { runState } from './match-run-store.ts';
import { namespaceMatches } from './namespaces.ts';
import { type OwnedFinding, type OwnershipReason, splitByOwnership } from './ownership.ts';
import { imagesByVulnerability, namespacesOf, type VulnerableImage } from './query-store.ts';

export interface FindingServiceDependencies {
  database: Database;
  objects: ObjectStore;
  images: Pick<ImageService, 'get' | 'getAnalyzed' | 'ancestors'>;
  /** The index in use; undefined before the first feed sync. */
  currentIndex(): VulnerabilityIndex | undefined;
  settings: MatchSettings;
  matcherVersion: number;
  /** Told which accounts have images that a rematch changed something of, in its last transaction. */
  changed?(tx: Db, change: { run: number; accounts: string[] }): Promise<void>;
  privateMatches?: PrivateMatches;
  /** What was judged about findings of an image, by finding. */
  annotationsOf?(
    account: string,
    image: AnnotatedImage,
    findings: FindingRow[],
  ): Promise<Map<FindingRow, FindingAnnotation>>;
}

/** The image that annotations are looked up for. */
export type AnnotatedImage = Pick<ImageRow, 'digest' | 'parent_digest' | 'image_id' | 'tags'>;

/** Findings of an image after the overlays that depend on the image. */
export interface ImageFindings {
  findings: FindingRow[];
  /** Matches taken away because an OS package owns the package's files. */
  owned: OwnedFinding[];
  analyzedAt?: Date;
}

/** An image as questions about its findings need it. */
export interface ExplainableImage {
  analysis: { id: number; document_key: string; files_key: string | null; layer_digests: string[] };
  packages: PlacedPackage[];
  findings: DatedFinding[];
  /** Findings that an OS package answers for. */
  owned: (DatedFinding & OwnershipReason)[];
  /** Matches taken away by a rule, by package. */
  suppressed: { document_id: string; match: SuppressedMatch }[];
  settings: MatchSettings;
}

export type FindingService = ReturnType<typeof createFindingService>;

/** Which known vulnerabilities the packages of an image have, and why. */
export function createFindingService(deps: FindingServiceDependencies) {
  const { database, objects, images } = deps;
  const { db } = database;
  const { currentIndex, settings, privateMatches } = deps;
  const analyses = createAnalysisFindings({ db, settings, currentIndex, privateMatches });

  function matching(index: VulnerabilityIndex) {
    return { database, index, settings: deps.settings, stamp: matchStamp(index, deps.matcherVersion, deps.settings) };
  }

  /** The analysis row of an image that the account has; 404 otherwise. */
  async function analysisOf(account: string, digest: string) {
    const image = await images.getAnalyzed(account, digest);
    const analysis = await analysisOfImage(db, image);
    if (!analysis) throw notFound(`analysis of image ${digest} is missing`);
    return { image, analysis };
  }

  async function findings(account: string, digest: string): Promise<ImageFindings> {
    const { image, analysis } = await analysisOf(account, digest);
    const { analyzed_at: analyzedAt } = image;
    const use = { account, analysisId: analysis.id, analyzedAt, view: 'image_package' } as const;
    const { findings: found, owned } = await analyses.load(use);
    const judged = await deps.annotationsOf?.(account, image, found);
    for (const [finding, annotation] of judged ?? []) finding.annotation = annotation;
    return { findings: found, owned, ...(analyzedAt ? { analyzedAt } : {}) };
  }

  async function shown(
    account: string,
    digest: string,
    options: { type: 'os' | 'non-os' | 'all'; vendorOnly: boolean },
  ) {
    const { findings: all } = await findings(account, digest);
    const wanted = { type: options.type, ...(options.vendorOnly ? { willNotFix: false } : {}) };
    return all.filter((finding) => isShown(finding, wanted));
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
      if (!index) return;
      const corrected = (await packagesOf(db, account, analysis.id)).map((pkg) => pkg.package_id);
      await matchPackageIds(matching(index), [...new Set([...(await packageIdsOf(db, analysis.id)), ...corrected])]);
    },

    /** Findings of the analysis of a source of the account, with its packages. */
    ofSource: (account: string, analysisId: number, analyzedAt: Date | null) =>
      analyses.load({ account, analysisId, analyzedAt, view: 'source_package' }),

    /** Matches the packages of a source again. Cheap when nothing is stale. */
    async matchSource(account: string, analysisId: number): Promise<void> {
      const index = deps.currentIndex();
      if (!index) return;
      const corrected = (await packagesOf(db, account, analysisId, 'source_package')).map((pkg) => pkg.package_id);
      await matchPackageIds(matching(index), [...new Set([...(await packageIdsOf(db, analysisId)), ...corrected])]);
    },

    /** Rows of `vuln/{type}` of a source. */
    async sourceReport(
      account: string,
      source: { analysisId: number; analyzedAt: Date | null },
      options: ShownFindings & { description: boolean },
    ) {
      const { analysisId, analyzedAt } = source;
      const { findings: found } = await analyses.load({ account, analysisId, analyzedAt, view: 'source_package' });
      const rows = found.filter((finding) => isShown(finding, options));
      return analyses.rows(rows, { description: options.description, analyzedAt });
    },

    /** NVD's records of the CVEs behind findings, by id. */
    nvdOf: analyses.nvdOf,

    /** Matches distinct packages that were made outside an analysis. */
    async matchPackages(ids: number[]): Promise<void> {
      const index = deps.currentIndex();
      if (index && ids.length > 0) await matchPackageIds(matching(index), ids);
    },

    /** Rows of `vuln/{type}`. */
    async report(
      account: string,
      digest: string,
      options: { type: 'os' | 'non-os' | 'all'; vendorOnly: boolean; description: boolean; baseDigest?: string },
    ) {
      const { image, analysis } = await analysisOf(account, digest);
      const { analyzed_at: analyzedAt } = image;
      const rows = await shown(account, digest, options);
      const packages = await packagesOf(db, account, analysis.id);
      const listed = await analyses.rows(rows, { description: options.description, analyzedAt });
      const base =
        options.baseDigest === undefined ? undefined : await baseKeys(account, image.digest, options.baseDigest);
      return {
        image_digest: digest,
        ...(options.baseDigest === undefined
          ? {}
          : {
              ...(base?.digest ? { base_digest: base.digest } : {}),
              base_image_problems: (base?.problems ?? []).map((problem) => ({ ...problem })),
            }),
        vulnerability_type: options.type,
        extended_support: packages.some((pkg) => pkg.matchable.distro?.channel !== undefined),
        vulnerabilities: rows.map((finding, at) => ({
          ...listed[at]!,
          ...(base?.keys ? { inherited_from_base: base.keys.has(findingKey(finding)) } : {}),
        })),
      };
    },

    /** Which packages had data, and which had not: an empty list of findings means nothing without it. */
    async coverage(account: string, digest: string): Promise<CoverageView> {
      const { analysis } = await analysisOf(account, digest);
      return imageCoverage(await packagesOf(db, account, analysis.id), deps.currentIndex());
    },

    async suppressed(account: string, digest: string) {
      const { analysis } = await analysisOf(account, digest);
      return {
        rules: await suppressedOf(db, account, analysis.id),
        owned: (await findings(account, digest)).owned,
        corrected: (await correctedAwayOf(db, account, analysis.id)).map((row) => ({
          ...row,
          rule: 'correction',
          reason: `the package has other metadata by correction ${row.corrections.join(', ')}`,
        })),
      };
    },

    /** What a question about an image is answered from: its packages, and the findings that the question is about. */
    async explainable(
      account: string,
      digest: string,
      select: (packages: PlacedPackage[]) => FindingSelection,
    ): Promise<ExplainableImage> {
      const { image, analysis } = await analysisOf(account, digest);
      const packages = await placedPackages(db, account, analysis.id);
      const selection = select(packages);
      const split = splitByOwnership(await selectedFindings(db, account, analysis.id, selection), packages, {
        index: deps.currentIndex(),
        settings: deps.settings,
      });
      const judged = await deps.annotationsOf?.(account, image, split.findings);
      for (const [finding, annotation] of judged ?? []) finding.annotation = annotation;
      return {
        analysis,
        packages,
        findings: split.findings,
        owned: split.owned,
        suppressed: await selectedSuppressed(db, account, analysis.id, selection),
        settings: deps.settings,
      };
    },

    /** How packages are matched. */
    settings: deps.settings,

    /** Matches what an analysis brought; called when it is stored. Without an index the packages wait for the first feed. */
    async matchAnalysis(analysisId: number): Promise<void> {
      const index = deps.currentIndex();
      if (index) await matchPackageIds(matching(index), await packageIdsOf(db, analysisId));
    },

    /**
     * Brings every result of the installation to an index: after a new build or a return to a former one, new settings
     * or a new matcher. Tells of what changed in the transaction that ends it.
     */
    rematch: (index: VulnerabilityIndex, options: RematchOptions = {}): Promise<RematchResult> =>
      rematch(
        {
          database,
          settings: deps.settings,
          matcherVersion: deps.matcherVersion,
          completed: async (tx, run, to) => {
            const accounts = await noteAffectedImages(tx, run.id);
            await announceRun(tx, { run, to, settings: deps.settings });
            await deps.changed?.(tx, { run: run.id, accounts });
          },
          caughtUp: async (tx, run) =>
            deps.changed?.(tx, { run: run.id, accounts: await noteAffectedImages(tx, run.id) }),
        },
        index,
        options,
      ),

    /**
     * Counts by provider the matches that a build would open and close; nothing is written. `from` is the build that the
     * stored matches are of; without it every package is matched.
     */
    previewDelta: (
      from: VulnerabilityIndex | undefined,
      to: VulnerabilityIndex,
      options: { signal?: AbortSignal | undefined } = {},
    ): Promise<DeltaPreview> => previewDelta({ database, settings: deps.settings }, from, to, options),

    /** Do stored results follow this index, this matcher and these settings? False: a rematch is due. */
    async follows(index: VulnerabilityIndex): Promise<boolean> {
      const { current, running } = await runState(db);
      return running === undefined && current?.stamp === matching(index).stamp;
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
      return imagesByVulnerability(db, account, { ...rest, namespaces }, page, {
        index: deps.currentIndex(),
        settings: deps.settings,
      });
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
    imageDigest: string,
    wanted: string,
  ): Promise<{ digest?: string; keys?: Set<string>; problems: BaseImageProblem[] }> {
    const base = await findBaseImage(images, account, imageDigest, wanted);
    if (base.digest === undefined) return base;
    try {
      const found = await findings(account, base.digest);
      return { ...base, keys: new Set(found.findings.map(findingKey)) };
    } catch (error) {
      if (!(error instanceof AppError) || error.httpStatus >= 500) throw error;
      const problem = { severity: 'error', problem_type: 'base_image_unavailable', details: error.message } as const;
      return { digest: base.digest, problems: [problem] };
    }
  }
}
