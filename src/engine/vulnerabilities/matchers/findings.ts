import type { AdvisoryRange, AdvisoryRecord } from '../index/record.ts';
import type { Match, SuppressedMatch } from '../types.ts';
import type { Hit, MatchContext, Search } from './context.ts';
import { exclusionOf } from './exclusions.ts';

/** The matches of one package while they are collected. */
export interface Findings {
  matches: Match[];
  suppressed: SuppressedMatch[];
  /** The only search that found something so far. */
  search: Search | undefined;
  /** Several matches may be the same one: more than one search, or a group that names a flaw twice. */
  mixed: boolean;
}

/** An empty collection. */
export function findings(): Findings {
  return { matches: [], suppressed: [], search: undefined, mixed: false };
}

/** Adds a match, unless the search or an exclusion takes it away. */
export function report(context: MatchContext, search: Search, hit: Hit, fix?: Match['fix']): void {
  const { findings: into } = context;
  const match = toMatch(search, hit, fix);
  const rule = search.hidden ?? (context.exclusions && exclusionOf(context.exclusions, match));
  if (rule) {
    into.suppressed.push({ ...match, ...rule });
    return;
  }
  if (into.search !== search) {
    if (into.search) into.mixed = true;
    into.search = search;
  }
  if (!hit.distinct) into.mixed = true;
  into.matches.push(match);
}

/** Adds a match that a rule took away. */
export function suppress(
  context: MatchContext,
  search: Search,
  hit: Hit,
  rule: SuppressedMatch['rule'],
  reason: string,
  fix?: Match['fix'],
): void {
  context.findings.suppressed.push({ ...toMatch(search, hit, fix), rule, reason });
}

const RANK = { 'exact-direct': 0, 'exact-indirect': 1, cpe: 2 } as const;

/**
 * One match for each flaw and source (id and namespace), however many records and searches found it: the strongest one
 * describes it (direct before indirect before CPE), with the fixes of all.
 */
export function mergedMatches({ matches, mixed }: Findings): Match[] {
  return mixed && matches.length > 1 ? merged(matches) : matches;
}

/** What was taken away, merged alike. A flaw that is reported by one way of search is not suppressed, whatever another way says. */
export function mergedSuppressed(into: Findings, found: readonly Match[]): SuppressedMatch[] {
  if (into.suppressed.length === 0) return into.suppressed;
  const seen = new Set(found.map((match) => `${match.vulnerability}\u0001${match.namespace}`));
  return merged(into.suppressed).filter((match) => !seen.has(`${match.vulnerability}\u0001${match.namespace}`));
}

function merged<T extends Match>(all: readonly T[]): T[] {
  const kept: T[] = [];
  const byId = new Map<string, number[]>();
  for (const match of all) {
    const places = byId.get(match.vulnerability);
    const place = places?.find((at) => kept[at]?.namespace === match.namespace);
    if (place !== undefined) {
      kept[place] = joined(kept[place] as T, match);
      continue;
    }
    if (places) places.push(kept.length);
    else byId.set(match.vulnerability, [kept.length]);
    kept.push(match);
  }
  return kept;
}

function joined<T extends Match>(first: T, second: T): T {
  const [base, other] = RANK[second.kind] < RANK[first.kind] ? [second, first] : [first, second];
  const fix = joinedFix(base.fix, other.fix);
  const aliases = other.aliases.filter((alias) => !base.aliases.includes(alias));
  if (fix === base.fix && aliases.length === 0) return base;
  return { ...base, fix, aliases: [...base.aliases, ...aliases] };
}

const STATES = ['unknown', 'wont-fix', 'not-fixed', 'fixed'] as const;

/** Versions of both; a fix that one of them knows is a fix. */
function joinedFix(base: Match['fix'], other: Match['fix']): Match['fix'] {
  const more = other.versions.filter((version) => !base.versions.includes(version));
  const state = STATES.indexOf(other.state) > STATES.indexOf(base.state) ? other.state : base.state;
  if (more.length === 0 && state === base.state) return base;
  const available = base.available ?? other.available;
  const versions = [...base.versions, ...more].sort();
  return available === undefined ? { state, versions } : { state, versions, available };
}

/** Fix of a hit: versions of all ranges of its record, those that hold first; fixed beats the other states. */
export function fixOf({ record, ranges }: Pick<Hit, 'record' | 'ranges'>): Match['fix'] {
  if (ranges !== record.ranges) return combinedFix([...ranges, ...record.ranges]);
  record.wholeFix ??= combinedFix(record.ranges);
  return record.wholeFix;
}

function combinedFix(ranges: readonly AdvisoryRange[]): Match['fix'] {
  let state: Match['fix']['state'] = 'unknown';
  const versions: string[] = [];
  let available = '';
  for (const range of ranges) {
    if (range.fixState === 'fixed') {
      state = 'fixed';
      if (range.fixVersion !== '' && !versions.includes(range.fixVersion)) versions.push(range.fixVersion);
      if (available === '') available = range.available;
    } else if (range.fixState !== 'unknown' && state !== 'fixed') {
      state = range.fixState;
    }
  }
  return available === '' ? { state, versions } : { state, versions, available };
}

/** Fix versions that records give for a flaw. */
export function fixVersionsOf(records: readonly AdvisoryRecord[]): string[] {
  const versions: string[] = [];
  for (const record of records) {
    for (const range of record.ranges) {
      if (range.fixState === 'fixed' && range.fixVersion !== '' && !versions.includes(range.fixVersion))
        versions.push(range.fixVersion);
    }
  }
  return versions;
}

function toMatch(search: Search, hit: Hit, fix: Match['fix'] | undefined): Match {
  const { record, ranges } = hit;
  const first = ranges[0] as AdvisoryRange;
  const match: Match = {
    vulnerability: record.id,
    namespace: hit.namespace,
    provider: record.provider,
    fix: fix ?? fixOf(hit),
    constraint: ranges.length === 1 ? first.constraint.text : ranges.map((range) => range.constraint.text).join(' || '),
    scheme: first.constraint.scheme,
    kind: search.kind,
    searchedBy: search.shown,
    aliases: record.aliases,
  };
  const doubt = doubtOf(ranges);
  if (doubt !== undefined) match.doubt = doubt;
  return match;
}

function doubtOf(ranges: readonly AdvisoryRange[]): string | undefined {
  let doubt: string | undefined;
  for (const { constraint, unknownType } of ranges) {
    if (constraint.unreadable !== undefined) return constraint.unreadable;
    if (unknownType !== undefined) doubt ??= `unknown kind of versions "${unknownType}"`;
  }
  return doubt;
}
