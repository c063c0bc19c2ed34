import type { Coverage, Match, MatchResult, SuppressedMatch } from '../types.ts';

/** Who knows best: the distribution or ecosystem of the package, then advisories by name, then product names. */
function rank(match: Match): number {
  if (match.kind === 'cpe') return 2;
  return match.namespace.includes(':distro:') ? 0 : 1;
}

/**
 * One match for each flaw of a package: where several sources report the same flaw (by id or alias), the one nearest to
 * the package stays and the others are taken away, with a reason that names it.
 */
export function preferVendor(
  matches: readonly Match[],
  suppressed: readonly SuppressedMatch[],
  coverage: Coverage,
): MatchResult {
  const kept: Match[] = [];
  const taken: SuppressedMatch[] = [...suppressed];
  const byName = new Map<string, Match>();
  const ordered = [...matches].sort((a, b) => rank(a) - rank(b));
  for (const match of ordered) {
    const names = [match.vulnerability, ...match.aliases].map((name) => name.toLowerCase());
    const better = names.map((name) => byName.get(name)).find((other) => other !== undefined);
    if (better && rank(better) < rank(match)) {
      const reason = `${better.vulnerability} of ${better.namespace} reports the same flaw`;
      taken.push({ ...match, rule: 'duplicate', reason });
      continue;
    }
    kept.push(match);
    for (const name of names) if (!byName.has(name)) byName.set(name, match);
  }
  return { matches: kept, suppressed: taken, coverage };
}
