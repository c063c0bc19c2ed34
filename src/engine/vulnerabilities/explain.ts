import type { DetailReader } from './details.ts';
import { searchNames } from './identity.ts';
import type { MatchSource } from './match-package.ts';
import { matchPackage } from './match-package.ts';
import type { TraceEvent } from './matchers/context.ts';
import type { ExplainStep, Explanation, MatchablePackage, MatchResult, MatchSettings } from './types.ts';

const MAX_STEPS = 200;
const MAX_PACKAGES = 50;

/** A flaw as the data knows it: all names, and where it is recorded. */
interface Flaw {
  names: ReadonlySet<string>;
  knownIn: Explanation['knownIn'];
}

/** The flaw asked for last: a question about an image asks of one flaw for many packages. */
const lastFlaw = new WeakMap<DetailReader, { id: string; flaw: Flaw }>();

/** Tells why a package has, or has not, a vulnerability; `id` may be an alias. */
export function explain(
  source: MatchSource,
  details: DetailReader,
  pkg: MatchablePackage,
  settings: MatchSettings,
  id: string,
): Explanation {
  const { names, knownIn } = flawOf(details, id);
  const concerns = (name: string, aliases: readonly string[]): boolean =>
    names.has(name.toLowerCase()) || aliases.some((alias) => names.has(alias.toLowerCase()));
  const steps: ExplainStep[] = [];
  const result = matchPackage(source, pkg, settings, (event) => {
    if (steps.length < MAX_STEPS && concerns(event.record.id, event.record.aliases)) steps.push(toStep(event));
  });
  const matches = result.matches.filter((match) => concerns(match.vulnerability, match.aliases));
  const suppressed = result.suppressed.filter((match) => concerns(match.vulnerability, match.aliases));
  const verdict = matches.length > 0 ? 'matched' : suppressed.length > 0 ? 'suppressed' : 'not-matched';
  const parts = { steps, matches, suppressed, knownIn };
  return {
    verdict,
    summary: summary(pkg, settings, id, result, parts),
    coverage: result.coverage,
    searches: searchNames(pkg),
    ...parts,
  };
}

function flawOf(details: DetailReader, id: string): Flaw {
  const last = lastFlaw.get(details);
  if (last?.id === id) return last.flaw;
  const names = new Set([id.toLowerCase()]);
  for (const detail of details.find(id)) {
    names.add(detail.id.toLowerCase());
    if (detail.id.toLowerCase() === id.toLowerCase())
      for (const alias of detail.aliases) names.add(alias.toLowerCase());
  }
  const knownIn = details.affectedPackages(id).map(({ namespace, packages }) => ({
    namespace,
    packages: packages.slice(0, MAX_PACKAGES).map(({ name }) => name),
  }));
  const flaw = { names, knownIn };
  lastFlaw.set(details, { id, flaw });
  return flaw;
}

function toStep({ record, namespace, searchedBy, outcome, reason }: TraceEvent): ExplainStep {
  return {
    vulnerability: record.id,
    namespace,
    provider: record.provider,
    aliases: record.aliases,
    says: record.affected ? 'affected' : 'unaffected',
    searchedBy,
    outcome,
    reason,
    ranges: record.ranges.map(({ constraint, fixState, fixVersion }) => ({
      constraint: constraint.text,
      scheme: constraint.scheme,
      fixState,
      fixVersion,
    })),
  };
}

function summary(
  pkg: MatchablePackage,
  settings: MatchSettings,
  id: string,
  result: MatchResult,
  { steps, matches, suppressed, knownIn }: Pick<Explanation, 'steps' | 'matches' | 'suppressed' | 'knownIn'>,
): string {
  const subject = `${pkg.name} ${pkg.version}`;
  if (settings.excludePackageTypes.includes(pkg.type))
    return `packages of type ${pkg.type} are excluded by the settings`;
  if (result.coverage === 'unknown-version') return `${pkg.name} has no known version, so nothing is searched for it`;
  const match = matches[0];
  if (match)
    return `${subject} is affected: ${match.vulnerability} of ${match.namespace} holds for ${match.constraint === '' ? 'all versions' : match.constraint} (${match.scheme})`;
  const hidden = suppressed[0];
  if (hidden) return `${subject} would be affected by ${hidden.vulnerability}, but: ${hidden.reason}`;
  const step = steps.find((item) => item.outcome !== 'not-in-range') ?? steps[0];
  if (step) return `${subject} is not affected: ${step.reason}`;
  if (result.coverage === 'no-data-for-distro') return `there is no data for the distribution of ${subject}`;
  if (result.coverage === 'no-data-for-ecosystem') return `there is no data for packages of type ${pkg.type}`;
  if (knownIn.length > 0)
    return `no record of ${id} names ${pkg.name}; it is known in ${knownIn
      .slice(0, 5)
      .map((item) => item.namespace)
      .join(', ')}`;
  return `no record of ${id} names ${pkg.name}`;
}
