import type { Constraint } from '#engine/versions/constraint.ts';
import { parseConstraint } from '#engine/versions/constraint.ts';
import { schemeForRangeType } from '#engine/versions/registry.ts';
import type { FixState, Match } from '../types.ts';
import type { PackedQualifiers, PackedRange, PackedRecord } from './format.ts';
import { weightedCache } from './weighted-cache.ts';

/** A range of versions and what fixes it. */
export interface AdvisoryRange {
  constraint: Constraint;
  /** Range type as the record writes it, when it is none that we know. */
  unknownType?: string;
  fixState: FixState;
  fixVersion: string;
  /** RFC 3339 date. */
  available: string;
  /** Ids or links of the advisories that ship the fix. */
  advisories: string[];
}

/** CPE fields of a record; '' = any, `-` = not applicable. Lower case. */
export interface CpeFields {
  part: string;
  vendor: string;
  product: string;
  edition: string;
  language: string;
  softwareEdition: string;
  targetHardware: string;
  targetSoftware: string;
  other: string;
}

/** A record as the matchers see it. */
export interface AdvisoryRecord {
  id: string;
  provider: string;
  status: string;
  aliases: string[];
  /** Id and aliases in lower case. */
  names: readonly string[];
  /** Rejected or withdrawn: counts for nothing. */
  withdrawn: boolean;
  /** False: the record says which versions are *not* affected. */
  affected: boolean;
  ranges: AdvisoryRange[];
  qualifiers?: PackedQualifiers;
  cpe?: CpeFields;
  /** Fix as a match shows it when all ranges hold; made on first use and shared by all matches of the record. */
  wholeFix?: Match['fix'];
}

/** The records of one name in one system. */
export interface RecordGroup {
  records: readonly AdvisoryRecord[];
  /** No two records have the same id: their matches need no merging. */
  distinct: boolean;
}

// Many records share their ranges: "all versions", and releases that got the same update.
const constraints = weightedCache<Constraint>(400_000);

function sharedConstraint(type: string, text: string): Constraint {
  const scheme = schemeForRangeType(type) ?? 'generic';
  const key = `${scheme}\u0001${text}`;
  const known = constraints.get(key);
  if (known) return known;
  const parsed = parseConstraint(text, scheme);
  constraints.set(key, parsed, 1 + parsed.alternatives.length);
  return parsed;
}

const FIX_STATES: Readonly<Record<string, FixState>> = {
  fixed: 'fixed',
  'not-fixed': 'not-fixed',
  'wont-fix': 'wont-fix',
};

function unpackRange([
  type,
  text,
  fixVersion = '',
  state = '',
  available = '',
  advisories = [],
]: PackedRange): AdvisoryRange {
  const range: AdvisoryRange = {
    constraint: sharedConstraint(type, text),
    fixState: FIX_STATES[state] ?? 'unknown',
    fixVersion,
    available,
    advisories,
  };
  const known =
    type === '' ||
    type.toLowerCase() === 'unknown' ||
    type.toLowerCase() === 'generic' ||
    schemeForRangeType(type) !== undefined;
  if (!known) range.unknownType = type;
  return range;
}

const ALL_VERSIONS: PackedRange = ['', ''];

/** Makes a group from packed records. */
export function unpackGroup(packed: readonly PackedRecord[]): RecordGroup {
  const records = packed.map(unpackRecord);
  return { records, distinct: new Set(records.map((record) => record.id)).size === records.length };
}

/** Makes a record from its packed form. A record without ranges holds for all versions. */
function unpackRecord(packed: PackedRecord): AdvisoryRecord {
  const [id, provider, status, aliases, affected, ranges, qualifiers, cpe] = packed;
  const record: AdvisoryRecord = {
    id,
    provider,
    status,
    aliases,
    names: aliases.length === 0 ? [id.toLowerCase()] : [...new Set([id, ...aliases].map((name) => name.toLowerCase()))],
    withdrawn: status === 'rejected' || status === 'withdrawn',
    affected,
    ranges: (ranges.length === 0 ? [ALL_VERSIONS] : ranges).map(unpackRange),
  };
  if (qualifiers) record.qualifiers = qualifiers;
  if (cpe) {
    const [part, vendor, product, edition, language, softwareEdition, targetHardware, targetSoftware, other] = cpe;
    record.cpe = { part, vendor, product, edition, language, softwareEdition, targetHardware, targetSoftware, other };
  }
  return record;
}
