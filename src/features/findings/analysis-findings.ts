import type {
  Match,
  MatchablePackage,
  MatchSettings,
  VulnerabilityDetail,
  VulnerabilityIndex,
} from '#engine/vulnerabilities/types.ts';
import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { Db } from '#platform/database/types.ts';
import {
  type CoveredPackage,
  type FindingRow,
  findingsOf,
  nvdDetails,
  type PackageView,
  packagesOf,
} from './finding-store.ts';
import { type OwnedFinding, splitByOwnership } from './ownership.ts';
import { withPresentEpss } from './present-epss.ts';
import { cvesOf, isOfType, vulnerabilityRow } from './vulnerability-view.ts';

/** Matches of packages with advisories that belong to the account alone; never stored with those of the index. */
export type PrivateMatches = <P extends { matchable: MatchablePackage }>(
  account: string,
  packages: readonly P[],
  settings: MatchSettings,
) => Promise<[P, { match: Match; detail: VulnerabilityDetail }[]][]>;

/** An analysis as an account uses it. */
export interface AnalysisUse {
  account: string;
  analysisId: number;
  analyzedAt: Date | null;
  /** What the analysis is of. */
  view: PackageView;
}

/** Findings of an analysis after the overlays that depend on it. */
export interface AnalysisFindings {
  findings: FindingRow[];
  /** Matches taken away because an OS package owns the package's files. */
  owned: OwnedFinding[];
  packages: CoveredPackage[];
}

const NAMING = { apiPackageType, packagePath };

/** Reads which known vulnerabilities the packages of an analysis have, whatever it is an analysis of. */
export function createAnalysisFindings(deps: {
  db: Db;
  settings: MatchSettings;
  currentIndex(): VulnerabilityIndex | undefined;
  privateMatches?: PrivateMatches | undefined;
}) {
  const { db } = deps;

  async function load({ account, analysisId, analyzedAt, view }: AnalysisUse): Promise<AnalysisFindings> {
    const packages = await packagesOf(db, account, analysisId, view);
    const index = deps.currentIndex();
    const split = splitByOwnership(await findingsOf(db, account, analysisId, view), packages, {
      index,
      settings: deps.settings,
    });
    for (const finding of split.findings) finding.detail = withPresentEpss(finding.detail, index);
    split.findings.push(...(await privateFindings(account, packages, analyzedAt)));
    return { ...split, packages };
  }

  /** What the account's own advisories say of packages. */
  async function privateFindings(
    account: string,
    packages: CoveredPackage[],
    analyzedAt: Date | null,
  ): Promise<FindingRow[]> {
    const matches = (await deps.privateMatches?.(account, packages, deps.settings)) ?? [];
    return matches.flatMap(([pkg, found]) =>
      found.map(({ match, detail }): FindingRow => {
        const { package_id, document_id, path, owned_by, type, name, version } = pkg;
        const seen = detail.publishedAt ?? detail.modifiedAt ?? analyzedAt;
        return {
          ...{ package_id, document_id, path, owned_by, type, name, version, match, detail },
          layer: null,
          purl: pkg.matchable.purl ?? null,
          first_seen_at: new Date(seen ?? 0),
          fix_observed_at: match.fix.state === 'fixed' ? new Date(seen ?? 0) : null,
        };
      }),
    );
  }

  /** NVD's records of the CVEs behind findings, by id. */
  async function nvdOf(findings: readonly FindingRow[]): Promise<Map<string, VulnerabilityDetail>> {
    const nvd = await nvdDetails(db, [...new Set(findings.flatMap((finding) => cvesOf(finding.detail)))]);
    for (const [id, detail] of nvd) nvd.set(id, withPresentEpss(detail, deps.currentIndex()));
    return nvd;
  }

  return {
    load,
    nvdOf,

    /** Findings as `vuln/{type}` lists them, in the same order. */
    async rows(findings: readonly FindingRow[], options: { description: boolean; analyzedAt: Date | null }) {
      const nvd = await nvdOf(findings);
      return findings.map((finding) =>
        vulnerabilityRow(finding, nvd, NAMING, {
          description: options.description,
          ...(options.analyzedAt ? { analyzedAt: options.analyzedAt } : {}),
        }),
      );
    },
  };
}

/** Which findings an answer shows. */
export interface ShownFindings {
  type: 'os' | 'non-os' | 'all';
  /** Only those that the vendor will not fix (true), only the others (false), or both. */
  willNotFix?: boolean | undefined;
}

/** Is the finding among those that an answer shows? */
export function isShown({ type, match }: FindingRow, wanted: ShownFindings): boolean {
  const wontFix = match.fix.state === 'wont-fix';
  return isOfType(type, wanted.type) && (wanted.willNotFix === undefined || wanted.willNotFix === wontFix);
}
