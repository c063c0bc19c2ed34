import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import { applyOwnership, DEFAULT_MATCH_SETTINGS, toMatchable } from '#engine/vulnerabilities/index.ts';
import type {
  Coverage,
  Match,
  SuppressedMatch,
  VulnerabilityDetail,
  VulnerabilityIndex,
} from '#engine/vulnerabilities/types.ts';

/** A known vulnerability of a package of the source. */
export interface ScanFinding {
  package: Package;
  match: Match;
  detail: VulnerabilityDetail;
}

/** A match that a rule took away, with its package. */
export interface SuppressedFinding {
  package: Package;
  match: SuppressedMatch;
}

/** What matching gave. */
export interface ScanFindings {
  findings: ScanFinding[];
  suppressed: SuppressedFinding[];
  /** State of the data for each package, in the order of the analysis. */
  coverage: Coverage[];
}

/**
 * Matches all packages of an analysis against an index, as the server does: what an OS package owns is left to its
 * distribution where that covers it. Equal input gives equal order.
 */
export function findVulnerabilities(analysis: Analysis, index: VulnerabilityIndex, now: Date): ScanFindings {
  const settings = { ...DEFAULT_MATCH_SETTINGS, now: now.toISOString() };
  const packages = new Map(analysis.packages.map((pkg) => [pkg.id, pkg]));
  const matched = new Map<string, Match[]>();
  const found: ScanFindings = { findings: [], suppressed: [], coverage: [] };
  for (const pkg of analysis.packages) {
    const { matches, suppressed, coverage } = index.match(toMatchable(pkg, analysis.distro), settings);
    found.coverage.push(coverage);
    if (matches.length > 0) matched.set(pkg.id, matches);
    for (const match of suppressed) found.suppressed.push({ package: pkg, match });
  }
  const owned = applyOwnership({
    packages: analysis.packages,
    relationships: analysis.relationships,
    matches: matched,
    ruledOut: (id) => index.ruledOut(toMatchable(packages.get(id)!, analysis.distro), settings),
    ...(analysis.distro ? { distro: analysis.distro } : {}),
  });
  const detailOf = detailReader(index);
  for (const [id, matches] of owned.matches) {
    for (const match of matches) found.findings.push({ package: packages.get(id)!, match, detail: detailOf(match) });
  }
  for (const [id, matches] of owned.suppressed) {
    for (const match of matches) found.suppressed.push({ package: packages.get(id)!, match });
  }
  return found;
}

/** Reads each record once. A match whose record has no facts of its own is shown all the same. */
function detailReader(index: VulnerabilityIndex): (match: Match) => VulnerabilityDetail {
  const known = new Map<string, VulnerabilityDetail>();
  return ({ vulnerability: id, namespace, provider, aliases }) => {
    const key = `${namespace}\n${id}`;
    const detail = known.get(key) ??
      index.detail(id, namespace) ?? {
        id,
        namespace,
        provider,
        severity: 'Unknown',
        links: [],
        aliases,
        cvss: [],
        cwes: [],
      };
    known.set(key, detail);
    return detail;
  };
}
