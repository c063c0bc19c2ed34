import { createHash } from 'node:crypto';

/** Layout of the index. Another number: the index is built again. */
export const INDEX_FORMAT = 1;

/**
 * Keys of the LMDB index (values are msgpack):
 *
 * | key | value |
 * |---|---|
 * | `meta` | `IndexMeta` |
 * | `p⎵ecosystem⎵name` | `PackageEntry[]`, one per operating system and one with `os` '' for records without one |
 * | `c⎵vendor⎵product` | `[group id, content hash]` of CPE records |
 * | `g⎵group id` | `PackedRecord[]` |
 * | `v⎵provider⎵id` | `PackedDetail` |
 * | `n⎵id` | ids of the providers that have a record of this name |
 * | `a⎵alias` | names that have this alias |
 * | `x⎵provider⎵id` | `[namespace, [ecosystem, package name][]][]` |
 * | `k⎵cve`, `e⎵cve`, `w⎵cve` | KEV entry, EPSS score, CWE ids |
 *
 * ⎵ is U+0001. Names are lower case in keys. A key too long for LMDB ends in a hash of the rest.
 */
export type KeyKind = 'p' | 'c' | 'g' | 'v' | 'n' | 'a' | 'x' | 'k' | 'e' | 'w';

const MAX_KEY_CHARACTERS = 480;

/** Makes a key. */
export function indexKey(kind: KeyKind, ...parts: string[]): string {
  const key = `${kind}\u0001${parts.join('\u0001')}`;
  if (key.length <= MAX_KEY_CHARACTERS) return key;
  return `${key.slice(0, MAX_KEY_CHARACTERS - 40)}${createHash('sha1').update(key).digest('hex')}`;
}

/** Records of one package under one operating system: `[os key, group id, content hash]`. */
export type PackageEntry = [os: string, group: string, hash: string];

/** `[range type, constraint, fix version, fix state, date of the fix, ids of fix advisories]`, ends left out when empty. */
export type PackedRange = [string, string, string?, string?, string?, string[]?];

/** Qualifiers of a record; absent keys do not restrict. */
export interface PackedQualifiers {
  /** Modularity label; '' = only packages outside modules. */
  module?: string;
  architecture?: string;
  platformCpes?: string[];
  rootio?: boolean;
  goImports?: [path: string, symbols: string[]][];
}

/** `[vulnerability, provider, status, aliases, affected, ranges, qualifiers, cpe]`; `cpe` is part … other as below. */
export type PackedRecord = [
  id: string,
  provider: string,
  status: string,
  aliases: string[],
  affected: boolean,
  ranges: PackedRange[],
  qualifiers?: PackedQualifiers | null,
  cpe?: PackedCpe,
];

/** `[part, vendor, product, edition, language, software edition, target hardware, target software, other]`; '' = any. */
export type PackedCpe = [string, string, string, string, string, string, string, string, string];

/** `[status, published, modified, withdrawn, description, links, aliases, severities, content hash]`. */
export type PackedDetail = [string, string, string, string, string, string[], string[], PackedSeverity[], string];

/** `[scheme, value (word or vector), version, source, rank]`. */
export type PackedSeverity = [string, string, string, string, number];

/** KEV entry: `[date added, due date, ransomware, required action, vendor, product]`. */
export type PackedKev = [string, string, boolean, string, string, string];

/** A row of `operating_systems`. */
export interface OperatingSystemRow {
  name: string;
  releaseId: string;
  major: string;
  minor: string;
  label: string;
  codename: string;
  channel: string;
  /** RFC 3339 dates. */
  endOfLife?: string;
  endOfActiveSupport?: string;
  /** Package rows that name it. */
  records: number;
}

/** Key text of an operating system: stable over builds, unlike its row number. */
export function operatingSystemKey(
  row: Pick<OperatingSystemRow, 'name' | 'major' | 'minor' | 'label' | 'channel'>,
): string {
  const version = row.minor === '' ? row.major : `${row.major}.${row.minor}`;
  return `${row.name}@${version}${row.label === '' ? '' : `~${row.label}`}${row.channel === '' ? '' : `+${row.channel}`}`.toLowerCase();
}

/** A row of `operating_system_specifier_overrides`; null = not set. */
export interface OperatingSystemOverride {
  alias: string;
  version: string;
  versionPattern: string;
  codename: string;
  channel: string;
  replacement: string | null;
  replacementMajor: string | null;
  replacementMinor: string | null;
  replacementLabel: string | null;
  replacementChannel: string | null;
  rolling: boolean;
  applicableClientSchemas: string;
}

/** What holds for the whole index. Kept in memory while it is open. */
export interface IndexMeta {
  format: number;
  checksum: string;
  schemaVersion: string;
  builtAt: string;
  /** `records`: vulnerabilities, or entries of KEV, EPSS and end-of-life data. */
  providers: { id: string; version: string; capturedAt?: string; records: number }[];
  operatingSystems: OperatingSystemRow[];
  overrides: OperatingSystemOverride[];
  ecosystemAliases: Record<string, string[]>;
  architectureAliases: Record<string, string>;
  epssDate?: string;
  /** Package rows by ecosystem, lower case; CPE rows under `cpe`. */
  ecosystems: Record<string, number>;
  /** What could not be read as it should, counted by kind. */
  anomalies: Record<string, number>;
  /** What came of the sources beside the database; absent when there were none. */
  sources?: SourceReport[];
}

/** What a build took from one source. */
export interface SourceReport {
  name: string;
  /** Advisories, scores and dates read. */
  records: number;
  /** Package records left out because another record of the same flaw stands already. */
  duplicates: number;
  /** What could not be taken, counted by kind. */
  anomalies: Record<string, number>;
}
