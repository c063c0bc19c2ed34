import type { Analysis } from '../model/analysis.ts';
import type { Package } from '../model/package.ts';
import { toMatchable } from './identity.ts';
import { applyOwnership } from './ownership.ts';
import type {
  Coverage,
  Match,
  MatchResult,
  MatchSettings,
  SuppressedMatch,
  VulnerabilityDetail,
  VulnerabilityIndex,
} from './types.ts';

/** A known vulnerability of a package of a source. */
export interface SourceFinding {
  package: Package;
  match: Match;
  detail: VulnerabilityDetail;
}

/** A match that a rule took away, with its package. */
export interface SuppressedSourceFinding {
  package: Package;
  match: SuppressedMatch;
}

/** What matching a source gave. */
export interface SourceFindings {
  findings: SourceFinding[];
  suppressed: SuppressedSourceFinding[];
  /** State of the data for each package, in the order of the analysis. */
  coverage: Coverage[];
}

/** Packages matched before others get a turn: some milliseconds of work. */
const STEP = 200;

/**
 * Matches all packages of an analysis against an index: what an OS package owns is left to its distribution where that
 * covers it. Equal input gives equal order.
 */
export function findVulnerabilities(
  analysis: Analysis,
  index: VulnerabilityIndex,
  settings: MatchSettings,
): SourceFindings {
  const steps = findInSteps(analysis, index, settings);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** {@link findVulnerabilities} for programs that must answer others meanwhile: `pause` is awaited between steps. */
export async function findVulnerabilitiesGently(
  analysis: Analysis,
  index: VulnerabilityIndex,
  settings: MatchSettings,
  pause: () => Promise<void>,
): Promise<SourceFindings> {
  const steps = findInSteps(analysis, index, settings);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

function* findInSteps(
  analysis: Analysis,
  index: VulnerabilityIndex,
  settings: MatchSettings,
): Generator<undefined, SourceFindings> {
  const packages = new Map(analysis.packages.map((pkg) => [pkg.id, pkg]));
  const matched = new Map<string, Match[]>();
  const found: SourceFindings = { findings: [], suppressed: [], coverage: [] };
  let count = 0;
  for (const pkg of analysis.packages) {
    const { matches, suppressed, coverage }: MatchResult = index.match(toMatchable(pkg, analysis.distro), settings);
    found.coverage.push(coverage);
    if (matches.length > 0) matched.set(pkg.id, matches);
    for (const match of suppressed) found.suppressed.push({ package: pkg, match });
    count += 1;
    if (count % STEP === 0) yield;
  }
  const owned = applyOwnership({
    packages: analysis.packages,
    relationships: analysis.relationships,
    matches: matched,
    ruledOut: (id) => index.ruledOut(toMatchable(packages.get(id) as Package, analysis.distro), settings),
    ...(analysis.distro ? { distro: analysis.distro } : {}),
  });
  yield;
  const detailOf = detailReader(index);
  for (const [id, matches] of owned.matches) {
    const pkg = packages.get(id) as Package;
    for (const match of matches) {
      found.findings.push({ package: pkg, match, detail: detailOf(match) });
      if (found.findings.length % (5 * STEP) === 0) yield;
    }
  }
  for (const [id, matches] of owned.suppressed) {
    const pkg = packages.get(id) as Package;
    for (const match of matches) found.suppressed.push({ package: pkg, match });
  }
  return found;
}

/** Reads each record once. A match whose record has no facts of its own is shown all the same. */
function detailReader(index: VulnerabilityIndex): (match: Match) => VulnerabilityDetail {
  const known = new Map<string, VulnerabilityDetail>();
  return ({ vulnerability: id, namespace, provider, aliases }) => {
    const key = `${namespace}\n${id}`;
    const read = known.get(key);
    if (read) return read;
    const detail = index.detail(id, namespace) ?? {
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
