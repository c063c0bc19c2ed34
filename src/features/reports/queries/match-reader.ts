import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { PageSession, ReportContext } from '../execution/context.ts';
import type { Position } from '../execution/tokens.ts';
import type { FindingPage } from './finding-rows-store.ts';
import type { FindingSelection } from './findings.ts';
import { loadImages } from './image-set.ts';
import { type MatchRow, matchesOfKeys, matchesStatement, matchPosition } from './match-store.ts';
import { type OwnedMatch, ownedMatches } from './owned-store.ts';
import { type VulnerabilityKey, vulnerabilityPage } from './vulnerability-store.ts';

/** Rows that a statement should give: more vulnerabilities are taken together when they have few rows each. */
const ROWS_AT_ONCE = 50_000;
const FIRST_KEYS = 50;
const MOST_KEYS = 5_000;
/** Rows of a statement where nothing can be left open between pages. */
const ROWS_WITHOUT_CURSOR = 10_000;

/** A row of the list of matches, with what rows below it are read with. */
export interface ReadMatch {
  row: MatchRow;
  page: FindingPage;
}

/**
 * The list of matches read to its end, page after page, at a cost that depends on the rows of the page only: each finding is
 * looked up once, and none is counted or sorted again for the next page.
 */
export interface MatchReader {
  /** Which list is read: what its tokens belong to. */
  readonly subject: string;
  /** Of the last row that was given; undefined: none was. */
  readonly position: Position | undefined;
  /** The next rows, and whether others follow them. */
  next(context: ReportContext, limit: number): Promise<{ found: ReadMatch[]; more: boolean }>;
}

export interface MatchReading {
  subject: string;
  order: 'ID_DESC' | 'ID_ASC';
  /** Only rows behind it. */
  after: Position | undefined;
  /** Leave statements open between pages, in the transaction that their contexts share. */
  cursors: boolean;
}

/** Findings of some vulnerabilities that are read at a time. */
interface Chunk {
  owned: OwnedMatch[];
  keys: number;
  /** The next rows; an empty list: there are no more. */
  rows(page: FindingPage, limit: number): Promise<MatchRow[]>;
  /** Rows so far. */
  read: number;
}

/** The next page of several that are read one after another: goes on from where the one before ended. */
export async function readOn(
  context: ReportContext,
  session: PageSession,
  reading: Omit<MatchReading, 'cursors'> & { limit: number },
  select: () => Promise<FindingSelection>,
): Promise<{ found: ReadMatch[]; more: boolean }> {
  let reader = session.matches;
  if (reader?.subject !== reading.subject || !isDeepStrictEqual(reader.position, reading.after)) {
    reader = readMatches(await select(), { ...reading, cursors: session.cursors });
    session.matches = reader;
  }
  const page = await reader.next(context, reading.limit);
  session.used.push(page.found);
  return page;
}

function readMatches(selection: FindingSelection, reading: MatchReading): MatchReader {
  const { subject, order, after, cursors } = reading;
  let position = after;
  /** The vulnerability that the position lies in, until its other rows are read. */
  let begun: VulnerabilityKey | undefined = after && { id: String(after[0]), account: String(after[1]) };
  let last = begun;
  let wanted = FIRST_KEYS;
  let moreKeys = true;
  let chunk: Chunk | undefined;
  let ahead: ReadMatch[] = [];

  async function openNext(current: FindingSelection): Promise<Chunk> {
    const next = await vulnerabilityPage(current, order, last && [last.id, last.account], wanted);
    const owned = begun ? [...next.owned, ...(await ownedMatches(current.context, [begun.id]))] : next.owned;
    const keys = begun ? [begun, ...next.keys] : next.keys;
    const behind = begun ? after : undefined;
    const page = { selection: current, owned };
    await loadImages(current);
    begun = undefined;
    moreKeys = next.more;
    last = keys.at(-1) ?? last;
    const rows = cursors ? await throughCursor(page, keys, behind) : statementByStatement(keys, behind);
    return { owned, keys: keys.length, rows, read: 0 };
  }

  async function read(current: FindingSelection, count: number): Promise<void> {
    while (ahead.length < count && (chunk || moreKeys)) {
      chunk ??= await openNext(current);
      const page: FindingPage = { selection: current, owned: chunk.owned };
      const rows = await chunk.rows(page, count - ahead.length);
      chunk.read += rows.length;
      for (const row of rows) ahead.push({ row, page });
      current.context.session?.used.push(rows);
      if (rows.length > 0) continue;
      const fitting = Math.round((chunk.keys * ROWS_AT_ONCE) / Math.max(1, chunk.read));
      wanted = Math.max(1, Math.min(fitting, chunk.keys * 8, MOST_KEYS));
      chunk = undefined;
    }
  }

  return {
    subject,
    get position() {
      return position;
    },
    async next(context, limit) {
      await read({ ...selection, context }, limit + 1);
      const found = ahead.slice(0, limit);
      ahead = ahead.slice(limit);
      const end = found.at(-1);
      if (end) position = matchPosition(end.row);
      return { found, more: ahead.length > 0 };
    },
  };
}

let opened = 0;

async function throughCursor(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  behind: Position | undefined,
): Promise<Chunk['rows']> {
  const { context } = page.selection;
  const cursor = sql.ref(`report_matches_${++opened}`);
  // All rows are wanted: else the plan would be one for the first of them.
  await context.rows(sql`select set_config('cursor_tuple_fraction', '1', true)`);
  await context.rows(sql`declare ${cursor} no scroll cursor for ${matchesStatement(page, keys, behind)}`);
  return async ({ selection }, limit) => {
    const rows = await selection.context.rows<MatchRow>(sql`fetch forward ${sql.lit(limit)} from ${cursor}`);
    if (rows.length === 0) await selection.context.rows(sql`close ${cursor}`);
    return rows;
  };
}

/** Each statement begins where the one before ended. */
function statementByStatement(keys: readonly VulnerabilityKey[], behind: Position | undefined): Chunk['rows'] {
  let from = behind;
  let left = keys;
  let ahead: MatchRow[] = [];
  return async (page, limit) => {
    if (ahead.length === 0 && left.length > 0) {
      ahead = await matchesOfKeys(page, left, from, ROWS_WITHOUT_CURSOR);
      const end = ahead.at(-1);
      const full = end !== undefined && ahead.length === ROWS_WITHOUT_CURSOR;
      left = full ? left.slice(end.at - 1) : [];
      from = full ? matchPosition(end) : undefined;
    }
    const rows = ahead.slice(0, limit);
    ahead = ahead.slice(limit);
    return rows;
  };
}
