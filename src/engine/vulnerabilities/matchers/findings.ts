import type { Match, MatchResult, SuppressedMatch } from '../types.ts';
import type { Hit, Search } from './context.ts';
import { searchedBy } from './context.ts';

/** The matches of one package while they are collected. */
export interface Findings {
  add(search: Search, hit: Hit, fix?: Match['fix']): void;
  suppress(search: Search, hit: Hit, rule: SuppressedMatch['rule'], reason: string, fix?: Match['fix']): void;
  result(): Pick<MatchResult, 'matches' | 'suppressed'>;
}

const RANK = { 'exact-direct': 0, 'exact-indirect': 1, cpe: 2 } as const;

/** Fix of a hit: versions of all ranges of its record, those that hold first; fixed beats the other states. */
export function fixOf(hit: Hit): Match['fix'] {
  let state: Match['fix']['state'] = 'unknown';
  const versions: string[] = [];
  let available = '';
  for (const range of [...hit.ranges, ...hit.record.ranges]) {
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

/** Collects matches. Equal ones (id, namespace, fixes) are merged: direct beats indirect, both beat a CPE. */
export function findings(): Findings {
  const matches = new Map<string, Match>();
  const suppressed = new Map<string, SuppressedMatch>();
  return {
    add: (search, hit, fix) => merge(matches, toMatch(search, hit, fix)),
    suppress: (search, hit, rule, reason, fix) => merge(suppressed, { ...toMatch(search, hit, fix), rule, reason }),
    result: () => {
      const found = [...matches.values()];
      const seen = new Set(found.map((match) => `${match.vulnerability}\u0001${match.namespace}`));
      // A flaw that is reported by one way of search is not suppressed, whatever another way says.
      const hidden = [...suppressed.values()].filter(
        (match) => !seen.has(`${match.vulnerability}\u0001${match.namespace}`),
      );
      return { matches: found, suppressed: hidden };
    },
  };
}

function merge<T extends Match>(into: Map<string, T>, match: T): void {
  const key = `${match.vulnerability}\u0001${match.namespace}\u0001${[...match.fix.versions].sort().join(' ')}`;
  const known = into.get(key);
  if (!known || RANK[match.kind] < RANK[known.kind]) into.set(key, match);
}

function toMatch(search: Search, hit: Hit, fix: Match['fix'] | undefined): Match {
  const { record, ranges } = hit;
  const unreadable = ranges.find((range) => range.constraint.unreadable !== undefined)?.constraint.unreadable;
  const unknownType = ranges.find((range) => range.unknownType !== undefined)?.unknownType;
  const doubt = unreadable ?? (unknownType === undefined ? undefined : `unknown kind of versions "${unknownType}"`);
  return {
    vulnerability: record.id,
    namespace: hit.namespace,
    provider: record.provider,
    fix: fix ?? fixOf(hit),
    constraint: ranges.map((range) => range.constraint.text).join(' || '),
    scheme: ranges[0]?.constraint.scheme ?? 'generic',
    kind: search.kind,
    searchedBy: searchedBy(search),
    aliases: record.aliases,
    ...(doubt === undefined ? {} : { doubt }),
  };
}
