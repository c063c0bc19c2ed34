import type { PackedDetail, PackedKev, PackedQualifiers, PackedRange, PackedSeverity } from '../index/format.ts';

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The strings of a JSON array, without repetition. */
export function strings(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((item): item is string => typeof item === 'string' && item !== ''))];
}

/** Package blob of a record, as far as it decides matches. */
export interface PackedPackageBlob {
  cves: string[];
  ranges: PackedRange[];
  qualifiers: PackedQualifiers | null;
}

/** Reads a package blob. Unknown keys are left out; a missing blob has no ranges, which means all versions. */
export function packPackageBlob(blob: Json | undefined): PackedPackageBlob {
  return {
    cves: strings(blob?.cves),
    ranges: objects(blob?.ranges).map(packRange),
    qualifiers: packQualifiers(blob?.qualifiers),
  };
}

function packRange(range: Json): PackedRange {
  const version = isObject(range.version) ? range.version : {};
  const packed: PackedRange = [string(version.type), string(version.constraint)];
  const fix = range.fix;
  if (!isObject(fix)) return packed;
  packed.push(string(fix.version), string(fix.state));
  const detail = isObject(fix.detail) ? fix.detail : {};
  const available = isObject(detail.available) ? string(detail.available.date) : '';
  const advisories = objects(detail.references)
    .map((reference) => string(reference.id) || string(reference.url))
    .filter((id) => id !== '');
  if (available !== '' || advisories.length > 0) packed.push(available);
  if (advisories.length > 0) packed.push(advisories);
  return packed;
}

function packQualifiers(value: unknown): PackedQualifiers | null {
  if (!isObject(value)) return null;
  const packed: PackedQualifiers = {};
  if (typeof value.rpm_modularity === 'string') packed.module = value.rpm_modularity;
  const architecture = string(value.architecture) || string(value.rpm_arch) || string(value.arch);
  if (architecture !== '') packed.architecture = architecture;
  const platforms = strings(value.platform_cpes);
  if (platforms.length > 0) packed.platformCpes = platforms;
  if (value.rootio === true) packed.rootio = true;
  const imports = objects(value.go_imports).map((item): [string, string[]] => [
    string(item.path),
    strings(item.symbols),
  ]);
  if (imports.length > 0) packed.goImports = imports;
  return Object.keys(packed).length === 0 ? null : packed;
}

/** Reads a vulnerability blob; dates and status come from its handle. */
export function packDetail(
  blob: Json | undefined,
  handle: { status: string; published: string; modified: string; withdrawn: string },
): PackedDetail {
  const links = objects(blob?.refs)
    .map((reference) => string(reference.url))
    .filter((url) => url !== '');
  return [
    handle.status,
    handle.published,
    handle.modified,
    handle.withdrawn,
    string(blob?.description),
    [...new Set(links)],
    strings(blob?.aliases),
    objects(blob?.severities).map(packSeverity),
    '',
  ];
}

function packSeverity(severity: Json): PackedSeverity {
  const { value } = severity;
  const rank = typeof severity.rank === 'number' ? severity.rank : Number.MAX_SAFE_INTEGER;
  if (isObject(value)) {
    return [string(severity.scheme), string(value.vector), string(value.version), string(severity.source), rank];
  }
  return [string(severity.scheme), string(value), '', string(severity.source), rank];
}

/** Reads a KEV blob. */
export function packKev(blob: Json | undefined): PackedKev {
  return [
    string(blob?.date_added).slice(0, 10),
    string(blob?.due_date).slice(0, 10),
    string(blob?.known_ransomware_campaign_use).toLowerCase() === 'known',
    string(blob?.required_action),
    string(blob?.vendor_project),
    string(blob?.product),
  ];
}
