import { SCHEMES } from '#engine/versions/registry.ts';
import { rpmWithoutEpoch } from '#engine/versions/rpm/index.ts';
import { orderKeys } from '#engine/versions/scheme.ts';
import type { AdvisoryRecord } from '../index/record.ts';
import type { Match } from '../types.ts';
import type { Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { assessDistro, systemsOf } from './distro-search.ts';
import { fixOf, fixVersionsOf, report, suppress } from './findings.ts';
import { distTagMinor } from './rpm-release.ts';

/**
 * RHEL with extended update support: flaws come from the plain release, fixes from it and from `X.Y+eus`. A fix counts
 * when it is built for this minor release or an earlier one; a flaw whose fixes are all for later ones is not fixed.
 */
export function matchExtendedUpdates(context: MatchContext, search: Search): void {
  const base = assessDistro(context, 'rpm', search, systemsOf(context, { channel: '' }));
  const extended = assessDistro(context, 'rpm', search, systemsOf(context));
  const minor = Number(/^[0-9]+\.([0-9]+)/.exec(context.pkg.distro?.versionId ?? '')?.[1] ?? Number.NaN);
  const scheme = search.version.epochUnknown ? rpmWithoutEpoch : SCHEMES.rpm;
  const key = scheme.key(search.version.text);
  const later = (fix: string): boolean => {
    const fixMinor = distTagMinor(fix);
    return fixMinor !== undefined && fixMinor > minor;
  };
  const extendedRecords = flawLookup(
    [...extended.vulnerable.map((other) => other.record), ...extended.notVulnerable],
    (record) => record,
  );
  const seen = new Map<string, Hit>();
  for (const hit of base.vulnerable) {
    if (!seen.has(hit.record.id)) seen.set(hit.record.id, hit);
  }
  for (const hit of seen.values()) {
    const overlays = extendedRecords.about(hit.record);
    const eusFixes = fixVersionsOf(overlays).filter((fix) => !later(fix));
    const baseFixes = fixVersionsOf([hit.record]).filter((fix) => !later(fix));
    const all = [...new Set([...eusFixes, ...baseFixes])];
    const reached = all.find((fix) => orderKeys(key, scheme.key(fix)) >= 0);
    if (reached !== undefined) {
      suppress(
        context,
        search,
        hit,
        'unaffected-record',
        `${search.name} ${search.version.text} has the fix ${reached} of its extended minor release`,
      );
      continue;
    }
    report(context, search, hit, remainingFix(hit, all, overlays));
  }
}

function remainingFix(hit: Hit, fixes: string[], overlays: readonly AdvisoryRecord[]): Match['fix'] {
  if (fixes.length > 0) return { state: 'fixed', versions: fixes };
  const own = fixOf(hit);
  const wontFix =
    own.state === 'wont-fix' || overlays.some((record) => record.ranges.some((range) => range.fixState === 'wont-fix'));
  if (wontFix) return { state: 'wont-fix', versions: [] };
  return { state: own.state === 'fixed' ? 'not-fixed' : own.state, versions: [] };
}
