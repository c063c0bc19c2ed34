import { coverageOf } from './coverage.ts';
import type { RecordReader } from './index/reader.ts';
import type { MatchContext, TraceEvent } from './matchers/context.ts';
import type { Findings } from './matchers/findings.ts';
import { findings } from './matchers/findings.ts';
import { kernelHeadersReason } from './matchers/kernel-headers.ts';
import { matcherFor } from './matchers/registry.ts';
import type { SystemResolver } from './operating-system.ts';
import type { MatchablePackage, MatchResult, MatchSettings } from './types.ts';
import { isUnknownVersion } from './unknown-version.ts';

/** What matching reads from an index. */
export interface MatchSource {
  reader: RecordReader;
  systems: SystemResolver;
}

/** Matches one package. `trace` is told every record that was looked at. */
export function matchPackage(
  source: MatchSource,
  pkg: MatchablePackage,
  settings: MatchSettings,
  trace?: (event: TraceEvent) => void,
): MatchResult {
  const coverage = coverageOf(source.reader.meta, source.systems, pkg, settings);
  if (settings.excludePackageTypes.includes(pkg.type) || isUnknownVersion(pkg.version))
    return { matches: [], suppressed: [], coverage };
  const collected = withoutKernelHeaders(pkg, findings());
  const context: MatchContext = {
    ...source,
    settings,
    pkg,
    findings: collected,
    ...(trace === undefined ? {} : { trace }),
  };
  matcherFor(pkg.type)(context);
  return { ...collected.result(), coverage };
}

/** Puts the rule about kernel headers in front of a collection. */
function withoutKernelHeaders(pkg: MatchablePackage, inner: Findings): Findings {
  if (pkg.type !== 'deb' && pkg.type !== 'rpm') return inner;
  return {
    ...inner,
    add: (search, hit, fix) => {
      const reason = kernelHeadersReason(pkg, {
        kind: search.kind,
        searchedBy: { name: search.name, version: search.version.text },
      });
      if (reason === undefined) inner.add(search, hit, fix);
      else inner.suppress(search, hit, 'kernel-headers', reason, fix);
    },
  };
}
