import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { PackedDetail, PackedKev, PackedQualifiers, PackedRange, PackedSeverity } from '../index/format.ts';
import { textOf, textsOf } from '../sources/types.ts';

/** Package blob of a record, as far as it decides matches. */
export interface PackedPackageBlob {
  cves: string[];
  ranges: PackedRange[];
  qualifiers: PackedQualifiers | null;
}

/** Reads a package blob. Unknown keys are left out; a missing blob has no ranges, which means all versions. */
export function packPackageBlob(blob: Json | undefined): PackedPackageBlob {
  return {
    cves: textsOf(blob?.cves),
    ranges: objectsOf(blob?.ranges).map(packRange),
    qualifiers: packQualifiers(blob?.qualifiers),
  };
}

function packRange(range: Json): PackedRange {
  const version = isObject(range.version) ? range.version : {};
  const packed: PackedRange = [textOf(version.type), textOf(version.constraint)];
  const fix = range.fix;
  if (!isObject(fix)) return packed;
  packed.push(textOf(fix.version), textOf(fix.state));
  const detail = isObject(fix.detail) ? fix.detail : {};
  const available = isObject(detail.available) ? textOf(detail.available.date) : '';
  const advisories = objectsOf(detail.references)
    .map((reference) => textOf(reference.id) || textOf(reference.url))
    .filter((id) => id !== '');
  if (available !== '' || advisories.length > 0) packed.push(available);
  if (advisories.length > 0) packed.push(advisories);
  return packed;
}

function packQualifiers(value: unknown): PackedQualifiers | null {
  if (!isObject(value)) return null;
  const packed: PackedQualifiers = {};
  if (typeof value.rpm_modularity === 'string') packed.module = value.rpm_modularity;
  const architecture = textOf(value.architecture) || textOf(value.rpm_arch) || textOf(value.arch);
  if (architecture !== '') packed.architecture = architecture;
  const platforms = textsOf(value.platform_cpes);
  if (platforms.length > 0) packed.platformCpes = platforms;
  if (value.rootio === true) packed.rootio = true;
  const imports = objectsOf(value.go_imports).map((item): [string, string[]] => [
    textOf(item.path),
    textsOf(item.symbols),
  ]);
  if (imports.length > 0) packed.goImports = imports;
  return Object.keys(packed).length === 0 ? null : packed;
}

/** Reads a vulnerability blob; dates and status come from its handle. */
export function packDetail(
  blob: Json | undefined,
  handle: { status: string; published: string; modified: string; withdrawn: string },
): PackedDetail {
  const links = objectsOf(blob?.refs)
    .map((reference) => textOf(reference.url))
    .filter((url) => url !== '');
  return [
    handle.status,
    handle.published,
    handle.modified,
    handle.withdrawn,
    textOf(blob?.description),
    [...new Set(links)],
    textsOf(blob?.aliases),
    objectsOf(blob?.severities).map(packSeverity),
    '',
  ];
}

function packSeverity(severity: Json): PackedSeverity {
  const { value } = severity;
  const rank = typeof severity.rank === 'number' ? severity.rank : Number.MAX_SAFE_INTEGER;
  if (isObject(value)) {
    return [textOf(severity.scheme), textOf(value.vector), textOf(value.version), textOf(severity.source), rank];
  }
  return [textOf(severity.scheme), textOf(value), '', textOf(severity.source), rank];
}

/** Reads a KEV blob. */
export function packKev(blob: Json | undefined): PackedKev {
  return [
    textOf(blob?.date_added).slice(0, 10),
    textOf(blob?.due_date).slice(0, 10),
    textOf(blob?.known_ransomware_campaign_use).toLowerCase() === 'known',
    textOf(blob?.required_action),
    textOf(blob?.vendor_project),
    textOf(blob?.product),
  ];
}
