import { hash } from 'node:crypto';
import type { PackedDetail, PackedRecord } from '../index/format.ts';

/**
 * 64-bit hash (16 hex digits) of what decides matches: ids, aliases, status, ranges, fix states and versions,
 * qualifiers, CPE fields. Dates of fixes, descriptions and scores do not count, nor does the order of records.
 */
export function matchContentHash(records: readonly PackedRecord[]): string {
  const lines = records.map((record) => {
    const [id, provider, status, aliases, affected, ranges, qualifiers, cpe] = record;
    const bounds = ranges.map(([type, constraint, version = '', state = '']) => [type, constraint, version, state]);
    return JSON.stringify([
      id,
      provider,
      status,
      [...aliases].sort(),
      affected,
      bounds,
      qualifiers ?? null,
      cpe ?? null,
    ]);
  });
  return hash('sha1', lines.sort().join('\n')).slice(0, 16);
}

/** 64-bit hash of what is shown of a vulnerability beside its matches. */
export function detailContentHash(detail: PackedDetail): string {
  return hash('sha1', JSON.stringify(detail.slice(0, 8))).slice(0, 16);
}
