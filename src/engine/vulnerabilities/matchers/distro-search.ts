import { candidate } from '#engine/versions/constraint.ts';
import { recordNamespace } from '../namespace.ts';
import type { ResolvedSystem, ResolveOptions } from '../operating-system.ts';
import type { Assessment, FlawLookup, Hit, MatchContext, Search } from './context.ts';
import { assess, flawLookup } from './context.ts';

/** Systems whose records hold for the package. */
export function systemsOf(context: MatchContext, options: ResolveOptions = {}): readonly ResolvedSystem[] {
  return context.pkg.distro ? context.systems.resolve(context.pkg.distro, options) : [];
}

/** Holds a search against the records of one ecosystem in some systems. */
export function assessDistro(
  context: MatchContext,
  ecosystem: string,
  search: Search,
  systems: readonly ResolvedSystem[],
): Assessment {
  let assessment = assess(context, search, [], () => '');
  for (const system of systems) {
    const records = context.reader.packageRecords(ecosystem, search.name, system.key);
    if (records.length === 0) continue;
    assessment = assess(
      context,
      search,
      records,
      (record) => recordNamespace(record.provider, ecosystem, search.name, system.row),
      assessment,
    );
  }
  return assessment;
}

/** The generic rule: what lies in an affected range and is not said to be unaffected is a match. */
export function addVulnerable(context: MatchContext, search: Search, assessment: Assessment): void {
  const unaffected = unaffectedLookup(assessment.unaffected);
  for (const hit of assessment.vulnerable) {
    const spared = sparedBy(unaffected, hit);
    if (spared) context.findings.suppress(search, hit, 'unaffected-record', unaffectedReason(search, spared));
    else context.findings.add(search, hit);
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

/** Text of a distribution as it is shown with a search: `debian:12`. */
export function distroText(context: MatchContext): string {
  const { distro } = context.pkg;
  if (!distro) return '';
  const channel = distro.channel === undefined ? '' : `+${distro.channel}`;
  return `${distro.id}:${distro.versionId ?? distro.codename ?? ''}${channel}`;
}

/** Searches by the sources of the package, then by its own name. `arch` of a source is `src`. */
export function distroSearches(
  context: MatchContext,
  options: { ownVersion?: string; epochUnknown?: boolean } = {},
): Search[] {
  const { pkg } = context;
  const distro = distroText(context);
  const searches: Search[] = pkg.upstreams.map((upstream) => ({
    name: upstream.name,
    version: candidate(
      upstream.version ?? pkg.version,
      options.epochUnknown === true && !/^[0-9]+:/.test(upstream.version ?? pkg.version),
    ),
    kind: 'exact-indirect',
    arch: 'src',
    distro,
  }));
  searches.push({
    name: pkg.name,
    version: candidate(options.ownVersion ?? pkg.version),
    kind: 'exact-direct',
    arch: pkg.arch,
    distro,
  });
  return searches;
}
