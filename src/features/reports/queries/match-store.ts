import { type RawBuilder, sql } from 'kysely';
import type { Position } from '../execution/tokens.ts';
import {
  FINDING_COLUMNS,
  type FindingPage,
  type FindingRow,
  keyTable,
  manyPlaces,
  prepareKeys,
} from './finding-rows-store.ts';
import { type FindingSelection, findings } from './findings.ts';
import { loadImages } from './image-set.ts';
import { ownedMatches } from './owned-store.ts';
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
export function matchesStatement(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  behind: Position | undefined,
): RawBuilder<MatchRow> {
  const [, , digest, document, namespace, id] = behind ?? [];
  const where = behind
    ? [
        sql`(k.at > 1 or (i.digest collate "C", ap.document_id collate "C", m.namespace collate "C", m.id)
          > (${digest}, ${document}, ${namespace}, ${id}::bigint))`,
      ]
    : [];
  return sql<MatchRow>`
    select * from (${findings(page, {
      keys: keyTable(keys),
      columns: sql`k.at::int as at, ${FINDING_COLUMNS}`,
      withPackage: true,
      withRecord: true,
      withImage: true,
      where,
    })}) f
    order by at, digest collate "C", document_id collate "C", namespace collate "C", match_id`;
}

/**
 * Ends of the parts in which keys are read: behind the first with many places, which mostly fills a page alone; from there
 * on behind twice as many of those each time, since a filter may leave little of them.
 */
function partsOf(count: number, many: readonly number[]): number[] {
  const ends: number[] = [];
  for (let n = 1; n <= many.length; n *= 2) if (many[n - 1]! < count) ends.push(many[n - 1]!);
  return [...ends, count];
}

/** The first of these matches. */
export async function matchesOfKeys(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  behind: Position | undefined,
  limit: number,
): Promise<MatchRow[]> {
  await prepareKeys(page, keys);
  const rows: MatchRow[] = [];
  let from = 0;
  for (const end of partsOf(keys.length, await manyPlaces(page, keys))) {
    const part = matchesStatement(page, keys.slice(from, end), from === 0 ? behind : undefined);
    const more = await page.selection.context.rows<MatchRow>(sql`${part} limit ${limit - rows.length}`);
    for (const row of more) rows.push({ ...row, at: row.at + from });
    if (rows.length >= limit) break;
    from = end;
  }
  return rows;
}

/** How many matches a selection has in all. */
export async function countMatches(selection: FindingSelection): Promise<number> {
  const owned = await ownedMatches(selection.context, undefined);
  await loadImages(selection);
  const rows = await selection.context.rows<{ n: number }>(sql`
    select count(*)::int as n from (${findings({ selection, owned }, { columns: sql`m.id` })}) f`);
  return rows[0]?.n ?? 0;
}
