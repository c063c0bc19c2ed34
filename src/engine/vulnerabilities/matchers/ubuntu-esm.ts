import { SCHEMES } from '#engine/versions/registry.ts';
import { orderKeys } from '#engine/versions/scheme.ts';
import type { AdvisoryRecord } from '../index/record.ts';
import type { Assessment, FlawLookup, Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { assessDistro, sparedBy, systemsOf, unaffectedLookup, unaffectedReason } from './distro-search.ts';

/** Fix versions that records give for a flaw. */
function fixVersions(records: readonly AdvisoryRecord[]): string[] {
  return [
    ...new Set(
      records
        .flatMap((record) => record.ranges)
        .filter((range) => range.fixState === 'fixed' && range.fixVersion !== '')
        .map((range) => range.fixVersion),
    ),
  ];
}

/** All affected records of a search by flaw, whether the version lies in their ranges or not. */
function recordsByFlaw(assessment: Assessment): FlawLookup<AdvisoryRecord> {
  return flawLookup(
    [...assessment.vulnerable.map((hit) => hit.record), ...assessment.notVulnerable],
    (record) => record,
  );
}

/** What is known of a package in both streams. */
interface Streams {
  base: FlawLookup<AdvisoryRecord>;
  extended: FlawLookup<AdvisoryRecord>;
  unaffected: FlawLookup<Hit>;
}

/**
 * Ubuntu Pro: flaws come from the plain release, fixes from it and from the extended one. A package at or above a fix of
 * the extended stream is not vulnerable; otherwise all fixes that are still ahead are shown. That the extended stream as
 * a whole is "not affected" does not count: it mostly means that the plain release has the fix.
 */
export function matchUbuntuEsm(context: MatchContext, search: Search): void {
  const base = assessDistro(context, 'deb', search, systemsOf(context, { channel: '' }));
  const extended = assessDistro(context, 'deb', search, systemsOf(context));
  const streams = {
    base: recordsByFlaw(base),
    extended: recordsByFlaw(extended),
    unaffected: unaffectedLookup(base.unaffected),
  };
  const done = new Set<string>();
  for (const hit of base.vulnerable) {
    if (done.has(hit.record.id)) continue;
    done.add(hit.record.id);
    judge(context, search, hit, streams);
  }
}

function judge(context: MatchContext, search: Search, hit: Hit, streams: Streams): void {
  const spared = sparedBy(streams.unaffected, hit);
  if (spared) {
    context.findings.suppress(search, hit, 'unaffected-record', unaffectedReason(search, spared));
    return;
  }
  const key = SCHEMES.deb.key(search.version.text);
  const extendedFixes = fixVersions(streams.extended.about(hit.record));
  const reached = extendedFixes.find((fix) => orderKeys(key, SCHEMES.deb.key(fix)) >= 0);
  if (reached !== undefined) {
    context.findings.suppress(
      search,
      hit,
      'unaffected-record',
      `${search.name} ${search.version.text} has the fix ${reached} of the extended release`,
    );
    return;
  }
  const fixes = [...fixVersions(streams.base.about(hit.record)), ...extendedFixes].filter(
    (fix) => orderKeys(key, SCHEMES.deb.key(fix)) < 0,
  );
  if (fixes.length > 0) context.findings.add(search, hit, { state: 'fixed', versions: [...new Set(fixes)] });
  else context.findings.add(search, hit);
}
