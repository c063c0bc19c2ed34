import { coverageOf } from './coverage.ts';
import type { RecordReader } from './index/reader.ts';
import type { MatchContext, TraceEvent } from './matchers/context.ts';
import { preferVendor } from './matchers/duplicates.ts';
import { exclusionsFor } from './matchers/exclusions.ts';
import { findings, mergedMatches, mergedSuppressed } from './matchers/findings.ts';
import { matcherFor } from './matchers/registry.ts';
import type { SystemResolver } from './operating-system.ts';
import { withSupportChannel } from './support-channel.ts';
import type { MatchablePackage, MatchResult, MatchSettings } from './types.ts';
import { isUnknownVersion } from './unknown-version.ts';

/** What matching reads from an index. */
export interface MatchSource {
  reader: RecordReader;
  systems: SystemResolver;
}

/** Matches one package. `trace` is told every record that was looked at. */
export function matchPackage(
  { reader, systems }: MatchSource,
  given: MatchablePackage,
  settings: MatchSettings,
  trace?: (event: TraceEvent) => void,
): MatchResult {
  const pkg = withSupportChannel(given, settings);
  const coverage = coverageOf(reader.meta, systems, pkg, settings);
  if (coverage === 'unknown-version' || isUnknownVersion(pkg.version) || isExcluded(pkg, settings))
    return { matches: [], suppressed: [], coverage };
  const collected = findings();
  const exclusions = exclusionsFor(pkg, settings);
  const context: MatchContext = { reader, systems, settings, pkg, findings: collected, exclusions, trace };
  matcherFor(pkg.type)(context);
  const matches = mergedMatches(collected);
  const suppressed = mergedSuppressed(collected, matches);
  if (settings.duplicates === 'prefer-vendor' && matches.length > 1) return preferVendor(matches, suppressed, coverage);
  return { matches, suppressed, coverage };
}

function isExcluded(pkg: MatchablePackage, { excludePackageTypes }: MatchSettings): boolean {
  return excludePackageTypes.length > 0 && excludePackageTypes.includes(pkg.type);
}
