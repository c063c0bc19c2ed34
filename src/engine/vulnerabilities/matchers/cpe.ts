import { candidate } from '#engine/versions/constraint.ts';
import type { AdvisoryRecord, CpeFields } from '../index/record.ts';
import { cpeNamespace } from '../namespace.ts';
import { isUnknownVersion } from '../unknown-version.ts';
import type { Hit, MatchContext, Search } from './context.ts';
import { assess } from './context.ts';
import { CPE_BY_DEFAULT } from './cpe-default.ts';
import type { CpeName } from './cpe-name.ts';
import { parseCpe } from './cpe-name.ts';
import { targetObjection } from './cpe-target.ts';
import { sparedBy, unaffectedLookup, unaffectedReason } from './distro-search.ts';

/** Is the search by CPE on for the type of the package? */
export function cpeSearchEnabled(context: MatchContext): boolean {
  return context.settings.cpe[context.pkg.type] ?? CPE_BY_DEFAULT.has(context.pkg.type);
}

/** How the version to search with is made. */
export interface CpeVersions {
  /** Applied to the version of the CPE or package. */
  version?: (version: string) => string;
  /** Joins version and update fields; Java runtimes have the update there. */
  withUpdate?: (version: string, update: string) => string;
}

/** Searches by every CPE of the package that has a vendor, and hands each hit over. */
export function searchCpes(
  context: MatchContext,
  versions: CpeVersions,
  take: (search: Search, hit: Hit) => void,
): void {
  const { pkg } = context;
  const names = pkg.cpes.map((text) => ({ text, cpe: parseCpe(text) }));
  for (const { text, cpe } of names) {
    // A product name alone means different things to different vendors.
    if (!cpe || cpe.vendor === '' || cpe.product === '') continue;
    const bare = cpe.version === '' || cpe.version === '-' || isUnknownVersion(cpe.version) ? pkg.version : cpe.version;
    if (isUnknownVersion(bare)) continue;
    const adjusted =
      versions.withUpdate && cpe.update !== '' && cpe.update !== '-' ? versions.withUpdate(bare, cpe.update) : bare;
    const version = versions.version ? versions.version(adjusted) : adjusted;
    const search: Search = { name: cpe.product, version: candidate(version), kind: 'cpe', arch: pkg.arch, cpe: text };
    const records = context.reader
      .cpeRecords(cpe.vendor, cpe.product)
      .filter((record) => fieldsFit(cpe, record.cpe) && targetFits(context, search, record));
    if (records.length === 0) continue;
    const assessment = assess(context, search, records, (record) => cpeNamespace(record.provider));
    const unaffected = unaffectedLookup(assessment.unaffected);
    for (const hit of assessment.vulnerable) {
      const spared = sparedBy(unaffected, hit);
      if (spared) context.findings.suppress(search, hit, 'unaffected-record', unaffectedReason(search, spared));
      else take(search, hit);
    }
  }
}

function targetFits(context: MatchContext, search: Search, record: AdvisoryRecord): boolean {
  const objection = targetObjection(context.pkg, record.cpe);
  if (objection === undefined) return true;
  context.trace?.({
    record,
    namespace: cpeNamespace(record.provider),
    searchedBy: {
      name: search.name,
      version: search.version.text,
      ...(search.cpe === undefined ? {} : { cpe: search.cpe }),
    },
    outcome: 'other-target',
    reason: objection,
  });
  return false;
}

/** Every field that the package's CPE sets must be the record's own, except version, update and target software. */
function fieldsFit(ours: CpeName, theirs: CpeFields | undefined): boolean {
  if (!theirs) return false;
  return (
    fits(ours.part, theirs.part) &&
    fits(ours.edition, theirs.edition) &&
    fits(ours.language, theirs.language) &&
    fits(ours.softwareEdition, theirs.softwareEdition) &&
    fits(ours.targetHardware, theirs.targetHardware) &&
    fits(ours.targetSoftware, theirs.targetSoftware) &&
    fits(ours.other, theirs.other)
  );
}

function fits(ours: string, theirs: string): boolean {
  return ours === '' || ours === theirs;
}
