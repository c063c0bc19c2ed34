import { type RawBuilder, sql } from 'kysely';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';
import type { MatchReader } from '../queries/match-reader.ts';
import type { ProvidedResolver } from '../schema/provided.ts';
import type { Batches } from './batches.ts';
import type { ReportLimits } from './limits.ts';
import type { PlainRow } from './plain-rows.ts';
import { reportError } from './report-error.ts';

/** Whose rows a report shows: those of one account, or of all. */
export type ReportScope = { account: string } | 'global';

/** Results that are made without the machinery of GraphQL. */
export interface PlainResults {
  row: PlainRow;
  results: Record<string, unknown>[];
}

/** What pages of one document hand on, when they are read one after another. */
export interface PageSession {
  /** They share a transaction, in which cursors stay open. */
  cursors: boolean;
  /**
   * Lists of the page, emptied when it was used: promises that are long settled still lead to them, so that memory would
   * only be free again when all of it is gone through.
   */
  used: unknown[][];
  /** Takes the results of lists that can give them by themselves; the document then does not ask for them. */
  plain: PlainResults | undefined;
  matches?: MatchReader;
}

/** What the resolvers of one document share. */
export interface ReportContext {
  scope: ReportScope;
  /** For mutations too: they are run outside the transaction that queries share. */
  db: Db;
  limits: ReportLimits;
  batches: Batches;
  signal: AbortSignal;
  /** The moment that relative windows are counted from. */
  now: Date;
  /** What was last seen running before this moment is gone. */
  runningSince: Date;
  /** Set when this is one of several pages. */
  session?: PageSession;
  /** The user who asks; undefined for runs of the server itself. */
  username: string | undefined;
  index: VulnerabilityIndex | undefined;
  settings: MatchSettings;
  userBaseImages: boolean;
  /** Fields that other features fill, by `Type.field`. */
  provided: Readonly<Record<string, ProvidedResolver>>;
  /** Rows of a statement. Throws when the caller went away or time is up. */
  rows<T>(statement: RawBuilder<T>): Promise<T[]>;
  /** Counts rows of the answer; throws beyond the limit. */
  spend(rows: number): void;
  /** Rows that may still be added. */
  remaining(): number;
}

/** The account of the scope; undefined for all. */
export function scopeAccount(scope: ReportScope): string | undefined {
  return scope === 'global' ? undefined : scope.account;
}

/** Throws the error by which an answer ends when its signal is aborted. */
export function checkSignal(signal: AbortSignal, limits: ReportLimits): void {
  if (!signal.aborted) return;
  throw (signal.reason as Error | undefined)?.name === 'TimeoutError'
    ? reportError(
        'TIMEOUT',
        `The report took longer than ${limits.seconds} s: narrow the filter, lower the limit or ask for fewer fields`,
      )
    : reportError('CANCELLED', 'The report was cancelled');
}

/** Context functions that run statements and count rows. */
export function contextFunctions(
  db: Db,
  limits: ReportLimits,
  signal: AbortSignal,
): Pick<ReportContext, 'rows' | 'spend' | 'remaining'> {
  let spent = 0;
  return {
    async rows<T>(statement: RawBuilder<T>) {
      checkSignal(signal, limits);
      try {
        return (await statement.execute(db)).rows;
      } catch (error) {
        checkSignal(signal, limits);
        throw error;
      }
    },
    spend(rows) {
      spent += rows;
      if (spent > limits.answerRows)
        throw reportError(
          'ANSWER_TOO_LARGE',
          `The answer would have more than ${limits.answerRows} rows: narrow the filter, lower the limit of the list, or page its inner lists by their own limit`,
        );
    },
    remaining: () => Math.max(0, limits.answerRows - spent),
  };
}

/** A condition that always holds. */
export const ALWAYS = sql`true`;
