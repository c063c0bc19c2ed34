import type { Candidate } from '#engine/versions/constraint.ts';
import { satisfies } from '#engine/versions/constraint.ts';
import type { RecordReader } from '../index/reader.ts';
import type { AdvisoryRange, AdvisoryRecord } from '../index/record.ts';
import type { SystemResolver } from '../operating-system.ts';
import type { ExplainStep, MatchablePackage, MatchSettings } from '../types.ts';
import type { Findings } from './findings.ts';
import { qualifierObjection } from './qualifiers.ts';

/** What was seen of a record, for the trail that explains a result. */
export interface TraceEvent extends Pick<ExplainStep, 'namespace' | 'searchedBy' | 'outcome' | 'reason'> {
  record: AdvisoryRecord;
}

/** All that a matcher works with. */
export interface MatchContext {
  reader: RecordReader;
  systems: SystemResolver;
  settings: MatchSettings;
  pkg: MatchablePackage;
  findings: Findings;
  trace?: (event: TraceEvent) => void;
}

/** One search: a name and version, in the terms of the record's ecosystem. */
export interface Search {
  name: string;
  version: Candidate;
  kind: 'exact-direct' | 'exact-indirect' | 'cpe';
  /** Architecture to hold against the record's; `src` for source packages. */
  arch: string | undefined;
  distro?: string;
  cpe?: string;
}

/** A record and the ranges of it in which the version lies. */
export interface Hit {
  record: AdvisoryRecord;
  namespace: string;
  ranges: AdvisoryRange[];
}

/** Result of holding a version against records. */
export interface Assessment {
  vulnerable: Hit[];
  /** Affected records in whose ranges the version does not lie: fixed here, or not yet affected. */
  notVulnerable: AdvisoryRecord[];
  /** Unaffected records that hold for the version. */
  unaffected: Hit[];
  /** Unaffected records that do not hold for it; their ranges tell fixes. */
  otherUnaffected: AdvisoryRecord[];
}

/** Holds one search against records, after withdrawn records, excluded providers and qualifiers are out. */
export function assess(
  context: MatchContext,
  search: Search,
  records: readonly AdvisoryRecord[],
  namespaceOf: (record: AdvisoryRecord) => string,
  into: Assessment = { vulnerable: [], notVulnerable: [], unaffected: [], otherUnaffected: [] },
): Assessment {
  const excluded = context.settings.excludeProviders;
  for (const record of records) {
    if (record.status === 'rejected' || record.status === 'withdrawn') {
      note(context, search, record, namespaceOf, 'withdrawn', 'the record was withdrawn');
      continue;
    }
    if (excluded.length > 0 && excluded.includes(record.provider)) {
      note(
        context,
        search,
        record,
        namespaceOf,
        'provider-excluded',
        `provider ${record.provider} is excluded by the settings`,
      );
      continue;
    }
    if (record.qualifiers) {
      const objection = qualifierObjection(context, search, record);
      if (objection !== undefined) {
        note(context, search, record, namespaceOf, 'not-for-this-package', objection);
        continue;
      }
    }
    const ranges =
      record.ranges.length === 1
        ? record.ranges
        : record.ranges.filter((range) => satisfies(search.version, range.constraint));
    const holds =
      record.ranges.length === 1
        ? satisfies(search.version, (record.ranges[0] as AdvisoryRange).constraint)
        : ranges.length > 0;
    if (context.trace) traceRange(context, search, record, namespaceOf, holds);
    if (holds)
      (record.affected ? into.vulnerable : into.unaffected).push({ record, namespace: namespaceOf(record), ranges });
    else (record.affected ? into.notVulnerable : into.otherUnaffected).push(record);
  }
  return into;
}

function note(
  context: MatchContext,
  search: Search,
  record: AdvisoryRecord,
  namespaceOf: (record: AdvisoryRecord) => string,
  outcome: TraceEvent['outcome'],
  reason: string,
): void {
  context.trace?.({ record, namespace: namespaceOf(record), searchedBy: searchedBy(search), outcome, reason });
}

function traceRange(
  context: MatchContext,
  search: Search,
  record: AdvisoryRecord,
  namespaceOf: (record: AdvisoryRecord) => string,
  holds: boolean,
): void {
  const ranges = record.ranges
    .map(({ constraint }) => `${constraint.text === '' ? 'all versions' : constraint.text} (${constraint.scheme})`)
    .join(' || ');
  const outcome = record.affected ? (holds ? 'in-range' : 'not-in-range') : holds ? 'unaffected-here' : 'not-in-range';
  const says = record.affected ? 'affected' : 'not affected';
  const unreadable = record.ranges.find((range) => range.constraint.unreadable !== undefined)?.constraint.unreadable;
  const doubt =
    unreadable === undefined ? '' : `; the range cannot be read (${unreadable}) and is taken as all versions`;
  note(
    context,
    search,
    record,
    namespaceOf,
    outcome,
    `${search.version.text} ${holds ? 'lies' : 'does not lie'} in the ${says} range ${ranges}${doubt}`,
  );
}

/** The search as a match shows it. */
export function searchedBy(search: Search): { name: string; version: string; cpe?: string; distro?: string } {
  return {
    name: search.name,
    version: search.version.text,
    ...(search.cpe === undefined ? {} : { cpe: search.cpe }),
    ...(search.distro === undefined ? {} : { distro: search.distro }),
  };
}

/** Finds what shares an id or alias with a record, in constant time per name. */
export interface FlawLookup<T> {
  about(record: AdvisoryRecord): T[];
}

/** Makes a lookup over items that each speak of one record. */
export function flawLookup<T>(items: readonly T[], recordOf: (item: T) => AdvisoryRecord): FlawLookup<T> {
  if (items.length === 0) return { about: () => [] };
  const byName = new Map<string, T[]>();
  for (const item of items) {
    for (const name of recordOf(item).names) {
      const list = byName.get(name);
      if (list) list.push(item);
      else byName.set(name, [item]);
    }
  }
  return {
    about: (record) => {
      if (record.names.length === 1) return byName.get(record.names[0] as string) ?? [];
      return [...new Set(record.names.flatMap((name) => byName.get(name) ?? []))];
    },
  };
}
