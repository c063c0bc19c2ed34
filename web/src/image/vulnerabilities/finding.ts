import type { ImagePackageVulnerability } from '#contract/image-vulnerabilities.ts';
import { severityOf } from '../../severity/severity.ts';
import { isSettled } from './annotation-words.ts';
import type { FixState, VulnerabilitiesSearch } from './vulnerabilities-search.ts';

/** One vulnerability in one package of an image, wherever the package lies in it. */
export interface Finding extends ImagePackageVulnerability {
  paths: string[];
}

/** Joins the rows of the same package at several places: the API lists each place. */
export function joinPlaces(rows: readonly ImagePackageVulnerability[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const row of rows) {
    const key = findingKey(row);
    const known = findings.get(key);
    const path = row.package_path;
    if (!known) findings.set(key, { ...row, paths: path ? [path] : [] });
    else if (path && !known.paths.includes(path)) known.paths.push(path);
  }
  return [...findings.values()];
}

/** Versions that fix it; undefined when there is none. The API says `None` for that. */
export function fixOf(finding: Finding): string | undefined {
  return finding.fix && finding.fix !== 'None' ? finding.fix : undefined;
}

/** Whether there is a fix, or will be. */
export function fixStateOf(finding: Finding): FixState {
  if (fixOf(finding)) return 'fixed';
  return finding.will_not_fix ? 'wont-fix' : 'none';
}

/** Probability of exploitation within 30 days, 0 to 1 (EPSS). */
export function epssOf(finding: Finding): number | undefined {
  return finding.epss?.[0]?.epss ?? finding.nvd_data?.find((entry) => entry.epss)?.epss?.epss;
}

/** Whether the vulnerability is in the catalogue of those known to be exploited. */
export function isExploited(finding: Finding): boolean {
  return finding.is_kev === true || (finding.nvd_data ?? []).some((entry) => entry.is_kev);
}

/** Highest CVSS base score: version 3 or later when there is one. The vendor's own score goes first. */
export function scoreOf(finding: Finding): number | undefined {
  for (const list of [finding.vendor_data, finding.nvd_data]) {
    for (const version of ['cvss_v3', 'cvss_v2'] as const) {
      const scores = (list ?? []).flatMap((entry) => entry[version]?.base_score ?? []).filter((score) => score >= 0);
      if (scores.length) return Math.max(...scores);
    }
  }
  return undefined;
}

/** A key that no other finding of the image has. */
export function findingKey(finding: ImagePackageVulnerability): string {
  const { vuln, feed_group, package_name, package_version, package_type, purl } = finding;
  return [vuln, feed_group, package_name, package_version, package_type, purl].join(' ');
}

/** The findings that the filters leave. */
export function filterFindings(findings: readonly Finding[], search: VulnerabilitiesSearch): readonly Finding[] {
  const { severity, fix, type, kev, settled } = search;
  return findings.filter(
    (finding) =>
      (settled || !isSettled(finding)) &&
      (!severity || severity.includes(severityOf(finding.severity))) &&
      (!fix || fixStateOf(finding) === fix) &&
      (!type || finding.package_type === type) &&
      (!kev || isExploited(finding)),
  );
}
