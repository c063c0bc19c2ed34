import { candidate } from '#engine/versions/constraint.ts';
import type { ResolvedSystem, ResolveOptions } from '../operating-system.ts';
import type { Assessment, FlawLookup, Hit, MatchContext, Search } from './context.ts';
import { assess, emptyAssessment, flawLookup } from './context.ts';
import { report, suppress } from './findings.ts';
import { hiddenSearch } from './kernel-packages.ts';

/** Systems whose records hold for the package. */
export function systemsOf({ pkg, systems }: MatchContext, options?: ResolveOptions): readonly ResolvedSystem[] {
  return pkg.distro ? systems.resolve(pkg.distro, options) : [];
}

/** Of names without records: nothing is made for them. */
const NOTHING: Assessment = Object.freeze({
  vulnerable: [],
  notVulnerable: [],
  unaffected: [],
  otherUnaffected: [],
});

/** Holds a search against the records of one ecosystem in some systems. The result is not to be changed. */
export function assessDistro(
  context: MatchContext,
  ecosystem: string,
  search: Search,
  systems: readonly ResolvedSystem[],
  into?: Assessment,
): Assessment {
  let assessment = into;
  for (const system of systems) {
    const group = context.reader.packageRecords(ecosystem, search.name, system.key);
    if (!group) continue;
    assessment ??= emptyAssessment();
    assess(context, search, group, system.namespaceOf, assessment);
  }
  return assessment ?? NOTHING;
}

/** The generic rule: what lies in an affected range and is not said to be unaffected is a match. */
export function addVulnerable(
  context: MatchContext,
  search: Search,
  { vulnerable, unaffected }: Pick<Assessment, 'vulnerable' | 'unaffected'>,
): void {
  if (vulnerable.length === 0) return;
  const spares = unaffectedLookup(unaffected);
  for (const hit of vulnerable) {
    const spared = unaffected.length === 0 ? undefined : sparedBy(spares, hit);
    if (spared) suppress(context, search, hit, 'unaffected-record', unaffectedReason(search, spared));
    else report(context, search, hit);
  }
}

/** Lookup of unaffected records by flaw. */
export function unaffectedLookup(unaffected: readonly Hit[]): FlawLookup<Hit> {
  return flawLookup(unaffected, (hit) => hit.record);
}

/** The unaffected record, if any, that takes a hit away. */
export function sparedBy(unaffected: FlawLookup<Hit>, hit: Hit): Hit | undefined {
  return unaffected.about(hit.record).find((other) => !isOfOtherStream(other, hit));
}

/** That a package as a whole is not affected says nothing about its module streams, which have records of their own. */
function isOfOtherStream(unaffected: Hit, hit: Hit): boolean {
  const stream = hit.record.qualifiers?.module;
  if (stream === undefined || stream === '' || unaffected.record.qualifiers?.module === stream) return false;
  return unaffected.record.ranges.every((range) => range.constraint.text === '');
}

/** Sentence for a match that an unaffected record took away. */
export function unaffectedReason(search: Search, spared: Hit): string {
  const range = spared.ranges
    .map(({ constraint }) => (constraint.text === '' ? 'all versions' : constraint.text))
    .join(' || ');
  return `${spared.record.id} of ${spared.namespace} says that ${search.name} ${search.version.text} is not affected (${range})`;
}

/** Makes a search in the records of the package's distribution. */
export function distroSearch(
  context: MatchContext,
  kind: 'exact-direct' | 'exact-indirect',
  name: string,
  version: string,
  epochUnknown = false,
): Search {
  const { pkg } = context;
  const distro = pkg.distro ? context.systems.of(pkg.distro).text : '';
  return {
    name,
    version: candidate(version, epochUnknown),
    kind,
    arch: kind === 'exact-indirect' ? 'src' : pkg.arch,
    shown: { name, version, distro },
    hidden: hiddenSearch(context, kind, name),
  };
}

/** Searches by the sources of the package, then by its own name. `arch` of a source is `src`. */
export function distroSearches(
  context: MatchContext,
  options: { ownVersion?: string; epochUnknown?: boolean } = {},
): Search[] {
  const { pkg } = context;
  const searches: Search[] = [];
  for (const { name, version = pkg.version } of pkg.upstreams) {
    const epochUnknown = options.epochUnknown === true && !hasEpoch(version);
    if (name !== '') searches.push(distroSearch(context, 'exact-indirect', name, version, epochUnknown));
  }
  searches.push(distroSearch(context, 'exact-direct', pkg.name, options.ownVersion ?? pkg.version));
  return searches;
}

/** Does an rpm or deb version tell its epoch? */
export function hasEpoch(version: string): boolean {
  return version.includes(':') && /^[0-9]+:/.test(version);
}
