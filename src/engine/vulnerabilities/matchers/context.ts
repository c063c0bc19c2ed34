import type { Candidate } from '#engine/versions/constraint.ts';
import { satisfies } from '#engine/versions/constraint.ts';
import type { RecordReader } from '../index/reader.ts';
import type { AdvisoryRange, AdvisoryRecord, RecordGroup } from '../index/record.ts';
import type { NamespaceOf } from '../namespace.ts';
import type { SystemResolver } from '../operating-system.ts';
import type { ExplainStep, MatchablePackage, MatchSettings, SuppressedMatch } from '../types.ts';
import type { PackageExclusions } from './exclusions.ts';
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
  /** Exclusions that may concern this package. */
  exclusions: PackageExclusions | undefined;
  trace: ((event: TraceEvent) => void) | undefined;
}

/** One search: a name and version, in the terms of the record's ecosystem. */
export interface Search {
  name: string;
  version: Candidate;
  kind: 'exact-direct' | 'exact-indirect' | 'cpe';
  /** Architecture to hold against the record's; `src` for source packages. */
  arch: string | undefined;
  /** The search as its matches show it; one object for all of them. */
  shown: { name: string; version: string; cpe?: string; distro?: string };
  /** Rule that takes away whatever this search finds. */
  hidden: { rule: SuppressedMatch['rule']; reason: string } | undefined;
}

/** A record and the ranges of it in which the version lies. */
export interface Hit {
  record: AdvisoryRecord;
  namespace: string;
  ranges: readonly AdvisoryRange[];
  /** Its group has no other record of the same id. */
  distinct: boolean;
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

/** An assessment without anything. */
export function emptyAssessment(): Assessment {
  return { vulnerable: [], notVulnerable: [], unaffected: [], otherUnaffected: [] };
}

/** Holds one search against records, after withdrawn records, excluded providers and qualifiers are out. */
export function assess(
  context: MatchContext,
  search: Search,
  group: RecordGroup,
  namespaceOf: NamespaceOf,
  into: Assessment,
): void {
  const { excludeProviders } = context.settings;
  const { records, distinct } = group;
  for (const record of records) {
    if (record.withdrawn || record.qualifiers !== undefined || excludeProviders.length > 0) {
      if (isOut(context, search, record, namespaceOf)) continue;
    }
    const held = rangesThatHold(search.version, record.ranges);
    if (context.trace) traceRange(context, search, record, namespaceOf, held !== undefined);
    if (held) {
      const hit = { record, namespace: namespaceOf(record.provider), ranges: held, distinct };
      if (record.affected) into.vulnerable.push(hit);
      else into.unaffected.push(hit);
    } else if (record.affected) into.notVulnerable.push(record);
    else into.otherUnaffected.push(record);
  }
}

/** The ranges in which a version lies; undefined when there is none. */
function rangesThatHold(version: Candidate, ranges: readonly AdvisoryRange[]): readonly AdvisoryRange[] | undefined {
  if (ranges.length === 1) return satisfies(version, (ranges[0] as AdvisoryRange).constraint) ? ranges : undefined;
  const held = ranges.filter((range) => satisfies(version, range.constraint));
  return held.length === 0 ? undefined : held;
}

function isOut(context: MatchContext, search: Search, record: AdvisoryRecord, namespaceOf: NamespaceOf): boolean {
  if (record.withdrawn) {
    note(context, search, record, namespaceOf, 'withdrawn', 'the record was withdrawn');
    return true;
  }
  if (context.settings.excludeProviders.includes(record.provider)) {
    const reason = `provider ${record.provider} is excluded by the settings`;
    note(context, search, record, namespaceOf, 'provider-excluded', reason);
    return true;
  }
  const objection = record.qualifiers && qualifierObjection(context, search, record);
  if (objection === undefined) return false;
  note(context, search, record, namespaceOf, 'not-for-this-package', objection);
  return true;
}

function note(
  context: MatchContext,
  search: Search,
  record: AdvisoryRecord,
  namespaceOf: NamespaceOf,
  outcome: TraceEvent['outcome'],
  reason: string,
): void {
  context.trace?.({ record, namespace: namespaceOf(record.provider), searchedBy: search.shown, outcome, reason });
}

function traceRange(
  context: MatchContext,
  search: Search,
  record: AdvisoryRecord,
  namespaceOf: NamespaceOf,
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
  const reason = `${search.version.text} ${holds ? 'lies' : 'does not lie'} in the ${says} range ${ranges}${doubt}`;
  note(context, search, record, namespaceOf, outcome, reason);
}

/** Finds what shares an id or alias with a record, in constant time per name. */
export interface FlawLookup<T> {
  about(record: AdvisoryRecord): readonly T[];
}

const NOTHING: FlawLookup<never> = { about: () => [] };

/** Makes a lookup over items that each speak of one record. */
export function flawLookup<T>(items: readonly T[], recordOf: (item: T) => AdvisoryRecord): FlawLookup<T> {
  if (items.length === 0) return NOTHING;
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
