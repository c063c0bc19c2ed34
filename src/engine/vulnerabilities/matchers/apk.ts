import type { Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { cpeSearchEnabled, searchCpes } from './cpe.ts';
import { addVulnerable, assessDistro, distroSearches, systemsOf } from './distro-search.ts';

/** Version without its package revision `-rN`: what upstream calls it. */
export function withoutApkRevision(version: string): string {
  return version.replace(/-r[0-9]+$/, '');
}

/**
 * Alpine packages: the security database by name and origin; then NVD by CPE without the package revision. A record of
 * NVD is dropped when the security database knows the flaw for this package, and its fix versions are not shown: they
 * are upstream's, not Alpine's.
 */
export function matchApk(context: MatchContext): void {
  const known: { search: Search; hit: Pick<Hit, 'record'>; vulnerable: boolean }[] = [];
  for (const search of distroSearches(context)) {
    const assessment = assessDistro(context, 'apk', search, systemsOf(context));
    addVulnerable(context, search, assessment);
    known.push(...assessment.vulnerable.map((hit) => ({ search, hit, vulnerable: true })));
    known.push(
      ...[...assessment.notVulnerable, ...assessment.unaffected.map((hit) => hit.record)].map((record) => ({
        search,
        hit: { record },
        vulnerable: false,
      })),
    );
  }
  if (!cpeSearchEnabled(context)) return;
  const assessed = flawLookup(known, (entry) => entry.hit.record);
  searchCpes(context, { version: withoutApkRevision }, (search, hit) => {
    const about = assessed.about(hit.record);
    if (about.some((entry) => entry.vulnerable)) return;
    const fix = { state: 'unknown' as const, versions: [] };
    const first = about[0];
    if (!first) {
      context.findings.add(search, hit, fix);
      return;
    }
    const range = first.hit.record.ranges.map((item) => item.constraint.text).join(' || ');
    const reason = `${first.hit.record.provider} says that ${first.search.name} ${first.search.version.text} is not vulnerable (${range})`;
    context.findings.suppress(search, hit, 'fixed-by-distro', reason, fix);
  });
}
