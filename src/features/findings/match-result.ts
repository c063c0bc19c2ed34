import { hash } from 'node:crypto';
import type { Coverage, Match, MatchResult, SuppressedMatch } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';

/** A result as it is stored: one match for each vulnerability and namespace, in a fixed order. */
export interface SettledResult {
  matches: Match[];
  suppressed: SuppressedMatch[];
  coverage: Coverage;
  /** Equal for equal results, in every process. */
  digest: string;
}

const RANK = { 'exact-direct': 0, 'exact-indirect': 1, cpe: 2 } as const;

/**
 * What decides whether two matches are the same: everything but the day on which the fix became available, which
 * feeds amend all the time.
 */
export function matchIdentity(match: Match): string {
  const { searchedBy: by, fix } = match;
  return json([
    match.vulnerability,
    match.namespace,
    RANK[match.kind],
    fix.state,
    fix.versions,
    match.constraint,
    match.provider,
    match.scheme,
    [by.name, by.version, by.cpe ?? null, by.distro ?? null],
    [...match.aliases].sort(),
    match.doubt ?? null,
  ]);
}

/** Sorts a result and leaves one match for each vulnerability and namespace: the most direct one. */
export function settleResult(result: MatchResult): SettledResult {
  const matches = settle(result.matches, (match) => [
    `${match.vulnerability}\n${match.namespace}`,
    matchIdentity(match),
  ]);
  const suppressed = settle(result.suppressed, (match) => [
    `${match.vulnerability}\n${match.namespace}\n${match.rule}`,
    `${matchIdentity(match)}${json(match.reason)}`,
  ]);
  const text = [result.coverage, ...matches.identities, '', ...suppressed.identities].join('\n');
  return {
    matches: matches.items,
    suppressed: suppressed.items,
    coverage: result.coverage,
    digest: hash('sha1', text, 'base64url'),
  };
}

function settle<T extends Match>(
  found: readonly T[],
  describe: (item: T) => [key: string, identity: string],
): { items: T[]; identities: string[] } {
  if (found.length === 0) return { items: [], identities: [] };
  const best = new Map<string, { item: T; identity: string }>();
  for (const item of found) {
    const [key, identity] = describe(item);
    const known = best.get(key);
    if (!known || identity < known.identity) best.set(key, { item, identity });
  }
  const sorted = [...best.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1));
  return { items: sorted.map(({ item }) => item), identities: sorted.map(({ identity }) => identity) };
}
