import { sql } from 'kysely';
import type { Position } from '../execution/tokens.ts';
import { all } from './conditions.ts';
import {
  FINDING_COLUMNS,
  type FindingPage,
  type FindingRow,
  findingSets,
  findingsOfKeys,
  keyTable,
} from './finding-rows-store.ts';
import {
  accountOf,
  type FindingSelection,
  findingConditions,
  foundPackage,
  IN_IMAGE_SET,
  recordConditions,
  sets,
} from './findings.ts';
import { ownedMatches } from './owned-store.ts';
import { packagesMatchedAs } from './packages.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

/** A row of the list of matches; `match_id` tells matches apart that were closed and opened again. */
export interface MatchRow extends FindingRow {
  at: number;
  match_id: number;
}

/** Where a page of matches ended. */
export function matchPosition(row: MatchRow): Position {
  return [row.vulnerability, row.account, row.digest, row.document_id, row.namespace, row.match_id];
}

/** Matches of keys in their order, by image and package; of the first key only those behind a position. */
export function matchesOfKeys(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  behind: Position | undefined,
  limit: number,
): Promise<MatchRow[]> {
  const [, , digest, document, namespace, id] = behind ?? [];
  const after = behind
    ? sql`and (k.at > 1 or (ap.digest collate "C", ap.document_id collate "C", m.namespace collate "C", m.id)
        > (${digest}, ${document}, ${namespace}, ${id}::bigint))`
    : sql``;
  return page.selection.context.rows<MatchRow>(sql`
    ${findingSets(page)}
    select k.at::int as at, m.id as match_id, ${FINDING_COLUMNS}
    ${findingsOfKeys(page, keyTable(keys), { withPackage: true, withRecord: true })} ${after}
    order by k.at, ap.digest collate "C", ap.document_id collate "C", m.namespace collate "C", m.id limit ${limit}`);
}

/** How many matches a selection has in all. */
export async function countMatches(selection: FindingSelection): Promise<number> {
  const owned = await ownedMatches(selection.context, undefined);
  const records = recordConditions(selection);
  const v = records.some(Boolean)
    ? sql`join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace`
    : sql``;
  const rows = await selection.context.rows<{ n: number }>(sql`
    ${sets(selection, { images: true })}
    select count(*)::int as n from package_match m
    cross join ${packagesMatchedAs(sql`m.package_id`, accountOf(selection))} ap ${foundPackage(selection)} ${v}
    where ${all([IN_IMAGE_SET, ...records, ...findingConditions(selection, owned)])}`);
  return rows[0]?.n ?? 0;
}
