import type { OperatingSystemOverride, OperatingSystemRow } from '../index/format.ts';
import type { Source } from './source.ts';
import { text, timestamp } from './source.ts';

/** Rows of the operating systems by row number, in the order of the file. */
export function readOperatingSystems(source: Source): Map<number, OperatingSystemRow> {
  const found = new Map<number, OperatingSystemRow>();
  for (const row of source.rows('SELECT * FROM operating_systems ORDER BY id')) {
    const endOfLife = timestamp(row.eol_date);
    const endOfActiveSupport = timestamp(row.eoas_date);
    found.set(Number(row.id), {
      name: text(row.name),
      releaseId: text(row.release_id),
      major: text(row.major_version),
      minor: text(row.minor_version),
      label: text(row.label_version),
      codename: text(row.codename),
      channel: text(row.channel),
      ...(endOfLife === undefined ? {} : { endOfLife }),
      ...(endOfActiveSupport === undefined ? {} : { endOfActiveSupport }),
      records: 0,
    });
  }
  return found;
}

/** Aliases and other replacements of operating system names, in the order in which they apply. */
export function readOverrides(source: Source): OperatingSystemOverride[] {
  if (!source.hasTable('operating_system_specifier_overrides')) return [];
  const optional = (value: unknown): string | null => (value === null || value === undefined ? null : text(value));
  const rows = source.rows('SELECT * FROM operating_system_specifier_overrides ORDER BY rowid');
  return Array.from(rows, (row) => ({
    alias: text(row.alias).toLowerCase(),
    version: text(row.version),
    versionPattern: text(row.version_pattern),
    codename: text(row.codename),
    channel: text(row.channel),
    replacement: optional(row.replacement),
    replacementMajor: optional(row.replacement_major_version),
    replacementMinor: optional(row.replacement_minor_version),
    replacementLabel: optional(row.replacement_label_version),
    replacementChannel: optional(row.replacement_channel),
    rolling: Number(row.rolling ?? 0) !== 0,
    applicableClientSchemas: text(row.applicable_client_db_schemas),
  }));
}
