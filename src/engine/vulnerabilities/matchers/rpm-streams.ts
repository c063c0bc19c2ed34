import { SCHEMES } from '#engine/versions/registry.ts';
import { rpmWithoutEpoch } from '#engine/versions/rpm/index.ts';
import { orderKeys } from '#engine/versions/scheme.ts';
import type { AdvisoryRecord } from '../index/record.ts';
import type { Assessment, Hit, MatchContext, Search } from './context.ts';
import { flawLookup } from './context.ts';
import { fixOf, report, suppress } from './findings.ts';
import { distTagMinor } from './rpm-release.ts';

/**
 * RHEL fixes one flaw at several minor releases with the same upstream version, told apart by `.elM_N` alone; the record
 * names the highest fix, and "unaffected" records `= version` name each one. The fix of the package's own minor release
 * decides, where there is one. Returns the hits that remain for the generic rule.
 */
export function selectStreams(context: MatchContext, search: Search, assessment: Assessment): Assessment {
  const minor = distTagMinor(search.version.text);
  if (minor === undefined || assessment.vulnerable.length === 0) return assessment;
  const records = [...assessment.otherUnaffected, ...assessment.unaffected.map((hit) => hit.record)];
  if (records.length === 0) return assessment;
  const streams = flawLookup(records, (record) => record);
  const vulnerable: Hit[] = [];
  for (const hit of assessment.vulnerable) {
    const fix = streamFix(streams.about(hit.record), minor);
    if (fix === undefined) vulnerable.push(hit);
    else if (order(search, fix) >= 0) {
      suppress(
        context,
        search,
        hit,
        'unaffected-record',
        `${search.name} ${search.version.text} has the fix ${fix} of its own minor release`,
      );
    } else {
      const found = fixOf(hit);
      report(context, search, hit, found.state === 'fixed' ? { ...found, versions: [fix] } : found);
    }
  }
  return { ...assessment, vulnerable };
}

function order(search: Search, fix: string): number {
  const scheme = search.version.epochUnknown ? rpmWithoutEpoch : SCHEMES.rpm;
  return orderKeys(scheme.key(search.version.text), scheme.key(fix));
}

function streamFix(streams: readonly AdvisoryRecord[], minor: number): string | undefined {
  for (const stream of streams) {
    for (const { constraint } of stream.ranges) {
      const bound = constraint.alternatives.length === 1 ? constraint.alternatives[0]?.[0] : undefined;
      if (bound?.operator === '=' && distTagMinor(bound.version) === minor) return bound.version;
    }
  }
  return undefined;
}
