import { candidate } from '#engine/versions/constraint.ts';
import { isEndOfLife } from '../coverage.ts';
import type { AdvisoryRecord, CpeFields } from '../index/record.ts';
import { cpeNamespace, namespaceOf } from '../namespace.ts';
import type { MatchablePackage } from '../types.ts';
import { isUnknownVersion } from '../unknown-version.ts';
import type { Hit, MatchContext, Search } from './context.ts';
import { assess, emptyAssessment } from './context.ts';
import { CPE_BY_DEFAULT } from './cpe-default.ts';
import type { CpeName } from './cpe-name.ts';
import { parseCpe } from './cpe-name.ts';
import { targetObjection } from './cpe-target.ts';
import { sparedBy, unaffectedLookup, unaffectedReason } from './distro-search.ts';
import { report, suppress } from './findings.ts';

/** Is the search by CPE on for the type of the package? */
export function cpeSearchEnabled({ settings, pkg, systems }: MatchContext): boolean {
  const wanted = settings.cpe[pkg.type];
  if (wanted !== undefined) return wanted;
  if (CPE_BY_DEFAULT.has(pkg.type)) return true;
  if (settings.cpeForEndOfLife !== true || (pkg.type !== 'deb' && pkg.type !== 'rpm') || !pkg.distro) return false;
  return isEndOfLife(systems.of(pkg.distro), settings);
}

/** How the version to search with is made. */
export interface CpeVersions {
  /** Applied to the version of the CPE or package. */
  version?: (version: string) => string;
  /** Joins version and update fields; Java runtimes have the update there. */
  withUpdate?: (version: string, update: string) => string;
}

const namespaces = namespaceOf(cpeNamespace);

/** Searches by the package's own CPEs where that is on, and reports what it finds. */
export function searchCpesWhereOn(context: MatchContext, versions: CpeVersions = {}): void {
  const { pkg } = context;
  if (pkg.cpes.length === 0 || !cpeSearchEnabled(context)) return;
  searchCpes(context, pkg.cpes, versions, (search, hit) => report(context, search, hit));
}

/** Searches by every CPE that has a vendor, and hands each hit over. */
export function searchCpes(
  context: MatchContext,
  cpes: readonly string[],
  versions: CpeVersions,
  take: (search: Search, hit: Hit) => void,
): void {
  for (const text of cpes) {
    const cpe = parseCpe(text);
    // A product name alone means different things to different vendors.
    if (!cpe || cpe.vendor === '' || cpe.product === '') continue;
    const group = context.reader.cpeRecords(cpe.vendor, cpe.product);
    const version = group && searchVersion(context.pkg, cpe, versions);
    if (group === undefined || version === undefined) continue;
    const search = cpeSearch(context, cpe, text, version);
    const records = group.records.filter((record) => fieldsFit(cpe, record.cpe) && targetFits(context, search, record));
    if (records.length === 0) continue;
    const assessment = emptyAssessment();
    assess(context, search, { records, distinct: group.distinct }, namespaces, assessment);
    const unaffected = unaffectedLookup(assessment.unaffected);
    for (const hit of assessment.vulnerable) {
      const spared = sparedBy(unaffected, hit);
      if (spared) suppress(context, search, hit, 'unaffected-record', unaffectedReason(search, spared));
      else take(search, hit);
    }
  }
}

function cpeSearch({ pkg }: MatchContext, cpe: CpeName, text: string, version: string): Search {
  return {
    name: cpe.product,
    version: candidate(version),
    kind: 'cpe',
    arch: pkg.arch,
    shown: { name: cpe.product, version, cpe: text },
    hidden: undefined,
  };
}

/** Version of the CPE, or of the package where that tells none. */
function searchVersion(pkg: MatchablePackage, cpe: CpeName, versions: CpeVersions): string | undefined {
  const bare = cpe.version === '' || cpe.version === '-' || isUnknownVersion(cpe.version) ? pkg.version : cpe.version;
  if (isUnknownVersion(bare)) return undefined;
  const { version, withUpdate } = versions;
  const adjusted = withUpdate && cpe.update !== '' && cpe.update !== '-' ? withUpdate(bare, cpe.update) : bare;
  return version ? version(adjusted) : adjusted;
}

/**
 * CPEs of the origins of a package: its own with the origin's name in the place of its own, for NVD knows `openssl`
 * and not `libssl3`.
 */
export function originCpes(pkg: Pick<MatchablePackage, 'name' | 'upstreams' | 'cpes'>): string[] {
  const found = new Set<string>();
  const name = pkg.name.toLowerCase();
  for (const upstream of pkg.upstreams) {
    if (upstream.name === '' || upstream.name === pkg.name) continue;
    for (const text of pkg.cpes) {
      const cpe = parseCpe(text);
      if (!cpe || name === '' || !(cpe.product.includes(name) || cpe.vendor.includes(name))) continue;
      const origin = upstream.name.toLowerCase();
      const version = upstream.version ?? cpe.version;
      found.add(
        formatCpe({
          ...cpe,
          vendor: cpe.vendor.replaceAll(name, origin),
          product: cpe.product.replaceAll(name, origin),
          version,
        }),
      );
    }
  }
  for (const text of pkg.cpes) found.delete(text);
  return [...found];
}

function formatCpe(cpe: CpeName): string {
  const fields = [
    cpe.part,
    cpe.vendor,
    cpe.product,
    cpe.version,
    cpe.update,
    cpe.edition,
    cpe.language,
    cpe.softwareEdition,
    cpe.targetSoftware,
    cpe.targetHardware,
    cpe.other,
  ];
  return `cpe:2.3:${fields.map((value) => (value === '' ? '*' : value === '-' ? '-' : value.replace(/[^0-9A-Za-z._-]/g, '\\$&'))).join(':')}`;
}

function targetFits(context: MatchContext, search: Search, record: AdvisoryRecord): boolean {
  const objection = targetObjection(context.pkg, record.cpe);
  if (objection === undefined) return true;
  context.trace?.({
    record,
    namespace: namespaces(record.provider),
    searchedBy: search.shown,
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
