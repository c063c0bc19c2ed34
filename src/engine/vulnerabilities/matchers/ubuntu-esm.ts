import { SCHEMES } from '#engine/versions/registry.ts';
import { orderKeys } from '#engine/versions/scheme.ts';
import type { AdvisoryRecord, RecordGroup } from '../index/record.ts';
import type { FlawLookup, Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { assessDistro, sparedBy, systemsOf, unaffectedLookup, unaffectedReason } from './distro-search.ts';
import { fixVersionsOf, report, suppress } from './findings.ts';

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
  const base = assessDistro(context, 'deb', search, systemsOf(context, PLAIN));
  if (context.trace) assessDistro(context, 'deb', search, systemsOf(context));
  if (base.vulnerable.length === 0) return;
  const streams = {
    base: recordsByFlaw(context, search, PLAIN),
    extended: recordsByFlaw(context, search, undefined),
    unaffected: unaffectedLookup(base.unaffected),
  };
  const done = new Set<string>();
  for (const hit of base.vulnerable) {
    if (done.has(hit.record.id)) continue;
    done.add(hit.record.id);
    judge(context, search, hit, streams);
  }
}

const PLAIN = { channel: '' } as const;
const lookups = new WeakMap<RecordGroup, FlawLookup<AdvisoryRecord>>();

/** The affected records of a stream by flaw, whether the version lies in their ranges or not. Made once for each group. */
function recordsByFlaw(
  context: MatchContext,
  search: Search,
  options: typeof PLAIN | undefined,
): FlawLookup<AdvisoryRecord> {
  const { reader, settings } = context;
  const found: FlawLookup<AdvisoryRecord>[] = [];
  for (const system of systemsOf(context, options)) {
    const group = reader.packageRecords('deb', search.name, system.key);
    if (!group) continue;
    let lookup = lookups.get(group);
    if (!lookup) {
      const affected = group.records.filter((record) => record.affected && !record.withdrawn);
      lookup = flawLookup(affected, (record) => record);
      lookups.set(group, lookup);
    }
    found.push(lookup);
  }
  const first = found[0];
  if (first && found.length === 1 && settings.excludeProviders.length === 0) return first;
  const wanted = (record: AdvisoryRecord): boolean => !settings.excludeProviders.includes(record.provider);
  return { about: (record) => found.flatMap((lookup) => lookup.about(record)).filter(wanted) };
}

function judge(context: MatchContext, search: Search, hit: Hit, streams: Streams): void {
  const spared = sparedBy(streams.unaffected, hit);
  if (spared) {
    suppress(context, search, hit, 'unaffected-record', unaffectedReason(search, spared));
    return;
  }
  const key = SCHEMES.deb.key(search.version.text);
  const extendedFixes = fixVersionsOf(streams.extended.about(hit.record));
  const reached = extendedFixes.find((fix) => orderKeys(key, SCHEMES.deb.key(fix)) >= 0);
  if (reached !== undefined) {
    suppress(
      context,
      search,
      hit,
      'unaffected-record',
      `${search.name} ${search.version.text} has the fix ${reached} of the extended release`,
    );
    return;
  }
  const fixes = [...fixVersionsOf(streams.base.about(hit.record)), ...extendedFixes].filter(
    (fix) => orderKeys(key, SCHEMES.deb.key(fix)) < 0,
  );
  if (fixes.length > 0) report(context, search, hit, { state: 'fixed', versions: [...new Set(fixes)] });
  else report(context, search, hit);
}
