import { candidate, parseConstraint, satisfies } from '#engine/versions/constraint.ts';
import { SCHEMES, schemeForRangeType } from '#engine/versions/registry.ts';
import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedRange } from '../index/format.ts';
import { constraintOf, quoted } from '../sources/constraint-text.ts';
import { textOf, textsOf } from '../sources/types.ts';

type EventKind = 'introduced' | 'fixed' | 'last_affected' | 'limit';

interface RangeEvent {
  kind: EventKind;
  version: string;
  key: string;
}

/** Order of events of one version: what ends comes before what begins. */
const ORDER: Readonly<Record<EventKind, number>> = { fixed: 0, limit: 0, introduced: 1, last_affected: 2 };

/**
 * Ranges of an `affected` entry (OSV schema 1.x). Versions are affected when they lie in a SEMVER or ECOSYSTEM range or
 * stand in `versions`. Ranges of commits say nothing about versions and are left out; `anomaly` hears of what is lost.
 * Undefined: nothing can be said of any version.
 */
export function osvRanges(
  affected: Json,
  rangeType: string,
  anomaly: (text: string) => void,
): PackedRange[] | undefined {
  const ranges = objectsOf(affected.ranges);
  const usable = ranges.filter((range) => isVersionRange(range, anomaly));
  const packed = usable.flatMap((range) => intervals(range, rangeType, upperBound(affected), anomaly));
  const listed = uncovered(textsOf(affected.versions), packed, rangeType);
  if (listed.length > 0) packed.push([rangeType, listed.map((version) => `= ${quoted(version)}`).join(' || ')]);
  if (packed.length > 0) return packed;
  if (ranges.length > 0 && usable.length === 0) {
    anomaly('package with commit ranges alone');
    return undefined;
  }
  if (usable.length > 0) return undefined;
  anomaly('package without versions: all taken');
  return [];
}

function isVersionRange(range: Json, anomaly: (text: string) => void): boolean {
  const type = textOf(range.type).toUpperCase();
  if (type === 'SEMVER' || type === 'ECOSYSTEM') return true;
  if (type !== 'GIT') anomaly('unknown type of range');
  return false;
}

/** GitHub tells the last affected version beside ranges that have no end yet. */
function upperBound(affected: Json): [operator: string, version: string] | undefined {
  const specific = isObject(affected.database_specific) ? affected.database_specific : {};
  const match = /^\s*(<=?)\s*(\S+)\s*$/.exec(textOf(specific.last_known_affected_version_range));
  return match ? [match[1] ?? '<=', match[2] ?? ''] : undefined;
}

function intervals(
  range: Json,
  rangeType: string,
  known: [string, string] | undefined,
  anomaly: (text: string) => void,
): PackedRange[] {
  const events = sortedEvents(range, rangeType);
  if (!events.some((event) => event.kind === 'introduced')) anomaly('range without a beginning');
  const packed: PackedRange[] = [];
  let start: string | undefined;
  for (const { kind, version } of events) {
    if (kind === 'introduced') {
      start ??= version;
      continue;
    }
    if (start === undefined) continue;
    const bounds = lower(start);
    if (kind === 'last_affected') packed.push([rangeType, constraintOf([...bounds, ['<=', version]])]);
    else if (kind === 'fixed') packed.push([rangeType, constraintOf([...bounds, ['<', version]]), version, 'fixed']);
    else if (version !== '*') packed.push([rangeType, constraintOf([...bounds, ['<', version]])]);
    else continue;
    start = undefined;
  }
  if (start !== undefined) {
    const bounds = known ? [...lower(start), known] : lower(start);
    packed.push([rangeType, constraintOf(bounds), '', 'not-fixed']);
  }
  return packed;
}

function lower(start: string): [string, string][] {
  return start === '0' ? [] : [['>=', start]];
}

function sortedEvents(range: Json, rangeType: string): RangeEvent[] {
  const scheme = SCHEMES[schemeForRangeType(rangeType) ?? 'generic'];
  const events: RangeEvent[] = [];
  for (const event of objectsOf(range.events)) {
    for (const kind of ['introduced', 'fixed', 'last_affected', 'limit'] as const) {
      const version = textOf(event[kind]);
      if (version === '') continue;
      // "0" stands before every version, "*" after.
      const key = version === '0' ? '' : version === '*' ? '\uffff' : `\u0001${scheme.key(version)}`;
      events.push({ kind, version, key });
    }
  }
  return events.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : ORDER[a.kind] - ORDER[b.kind]));
}

/** Versions of the list that no range holds for. */
function uncovered(versions: string[], ranges: readonly PackedRange[], rangeType: string): string[] {
  if (versions.length === 0 || ranges.some(([, constraint]) => constraint === '')) return [];
  const scheme = schemeForRangeType(rangeType) ?? 'generic';
  const parsed = ranges.map(([, constraint]) => parseConstraint(constraint, scheme));
  return versions.filter((version) => {
    const tested = candidate(version);
    return !parsed.some((constraint) => satisfies(tested, constraint));
  });
}
