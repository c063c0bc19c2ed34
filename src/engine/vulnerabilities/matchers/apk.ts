import type { Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { cpeSearchEnabled, originCpes, searchCpes } from './cpe.ts';
import { addVulnerable, assessDistro, distroSearches, systemsOf } from './distro-search.ts';
import { report, suppress } from './findings.ts';
import { assessNames, rebuiltNames } from './rebuilt.ts';

/** Version without its package revision `-rN`: what upstream calls it. */
export function withoutApkRevision(version: string): string {
  return version.replace(/-r[0-9]+$/, '');
}

/**
 * Alpine packages: the security database by name and origin; then NVD by CPE without the package revision, for the
 * package and for its origin. A record of NVD is dropped when the security database knows the flaw for this package, and
 * its fix versions are not shown: they are upstream's, not Alpine's. Without a distribution NVD is all there is.
 */
export function matchApk(context: MatchContext): void {
  const { pkg } = context;
  const known: { search: Search; hit: Pick<Hit, 'record'>; vulnerable: boolean }[] = [];
  for (const search of distroSearches(context)) {
    const names = rebuiltNames(pkg, search.name);
    const assessment = names
      ? assessNames(context, 'apk', search, names)
      : assessDistro(context, 'apk', search, systemsOf(context));
    addVulnerable(context, search, assessment);
    for (const hit of assessment.vulnerable) known.push({ search, hit, vulnerable: true });
    for (const record of assessment.notVulnerable) known.push({ search, hit: { record }, vulnerable: false });
    for (const hit of assessment.unaffected) known.push({ search, hit, vulnerable: false });
  }
  if (!cpeSearchEnabled(context)) return;
  const assessed = flawLookup(known, (entry) => entry.hit.record);
  const fix = pkg.distro ? { state: 'unknown' as const, versions: [] } : undefined;
  searchCpes(context, [...pkg.cpes, ...originCpes(pkg)], { version: withoutApkRevision }, (search, hit) => {
    const about = assessed.about(hit.record);
    if (about.some((entry) => entry.vulnerable)) return;
    const first = about[0];
    if (!first) {
      report(context, search, hit, fix);
      return;
    }
    const range = first.hit.record.ranges.map((item) => item.constraint.text).join(' || ');
    const reason = `${first.hit.record.provider} says that ${first.search.name} ${first.search.version.text} is not vulnerable (${range})`;
    suppress(context, search, hit, 'fixed-by-distro', reason, fix);
  });
}
