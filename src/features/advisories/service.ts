import type { OsvDocument, PrivateAdvisory } from '#contract/windlass-advisories.ts';
import { type AdvisoryMatcher, advisoryMatcher, readPrivateAdvisory } from '#engine/vulnerabilities/index.ts';
import type { Match, MatchablePackage, MatchSettings, VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import {
  advisoryDocuments,
  advisoryStamp,
  deleteAdvisory,
  findAdvisory,
  insertAdvisory,
  listAdvisories,
  replaceAdvisory,
} from './store.ts';

/** Advisories that one account may have: they are all held in memory while its images are judged. */
const MOST = 20_000;
/** Accounts whose matchers are kept. */
const CACHED = 100;

export interface AdvisoryDependencies {
  database: Database;
  /** Told in the transaction of a change: what was said of the account's images may differ now. */
  changed(tx: Db, account: string): Promise<void>;
}

/** A match of a package with an advisory of the account. */
export interface PrivateMatch {
  match: Match;
  detail: VulnerabilityDetail;
}

export type AdvisoryService = ReturnType<typeof createAdvisoryService>;

type Row = NonNullable<Awaited<ReturnType<typeof findAdvisory>>>;

/**
 * Advisories of an account about its own software. They are never part of an index that accounts share: the packages of
 * an image are held against them when one of its account reads or judges the image, so that nothing of them is stored
 * where another account's reading could meet it.
 */
export function createAdvisoryService({ database, changed }: AdvisoryDependencies) {
  const { db } = database;
  const matchers = new Map<string, { stamp: string; matcher: AdvisoryMatcher }>();

  function view(row: Row): PrivateAdvisory {
    const document = row.document as OsvDocument;
    return {
      id: row.id,
      document,
      problems: readPrivateAdvisory(document).problems,
      created_at: row.created_at.toISOString(),
      last_updated: row.last_updated.toISOString(),
      ...(row.created_by === null ? {} : { created_by: row.created_by }),
    };
  }

  function check(document: OsvDocument): void {
    const { advisory, problems } = readPrivateAdvisory(document);
    if (advisory.packages.length === 0)
      throw badRequest(`the advisory concerns no package that an image can have: ${problems.join('; ')}`);
  }

  async function tell(tx: Db, account: string, id: string, change: string, by: string): Promise<void> {
    await appendEvent(tx, { name: 'private_advisory_changed', account, resource_id: id, details: { change, by } });
    await changed(tx, account);
  }

  async function matcherOf(account: string): Promise<AdvisoryMatcher | undefined> {
    const { count, changed: at } = await advisoryStamp(db, account);
    if (count === 0) {
      matchers.delete(account);
      return undefined;
    }
    const stamp = `${count} ${at}`;
    const known = matchers.get(account);
    if (known?.stamp === stamp) return known.matcher;
    const matcher = advisoryMatcher(await advisoryDocuments(db, account));
    if (matchers.size >= CACHED) matchers.clear();
    matchers.set(account, { stamp, matcher });
    return matcher;
  }

  return {
    async list(account: string, { page, limit }: { page: number; limit: number }) {
      const rows = await listAdvisories(db, account, { limit, offset: (page - 1) * limit });
      return { items: rows.map(view), total_rows: (await advisoryStamp(db, account)).count };
    },

    async get(account: string, id: string): Promise<PrivateAdvisory> {
      const row = await findAdvisory(db, account, id);
      if (!row) throw notFound(`advisory ${id} is not known`);
      return view(row);
    },

    async create(account: string, document: OsvDocument, by: string): Promise<PrivateAdvisory> {
      check(document);
      return database.transaction(async (tx) => {
        if ((await advisoryStamp(tx, account)).count >= MOST)
          throw conflict(`the account has ${MOST} advisories already`);
        const row = await insertAdvisory(tx, account, document.id, document, by);
        if (!row) throw conflict(`advisory ${document.id} exists already`);
        await tell(tx, account, document.id, 'added', by);
        return view(row);
      });
    },

    async put(account: string, id: string, document: OsvDocument, by: string): Promise<PrivateAdvisory> {
      if (document.id !== id) throw badRequest(`the document is of ${document.id}, not of ${id}`);
      check(document);
      const replaced = await database.transaction(async (tx) => {
        const row = await replaceAdvisory(tx, account, id, document);
        if (row) await tell(tx, account, id, 'replaced', by);
        return row;
      });
      return replaced ? view(replaced) : this.create(account, document, by);
    },

    async remove(account: string, id: string, by: string): Promise<void> {
      await database.transaction(async (tx) => {
        if (!(await deleteAdvisory(tx, account, id))) throw notFound(`advisory ${id} is not known`);
        await tell(tx, account, id, 'deleted', by);
      });
    },

    /** Matches of packages with the advisories of the account, for each package that has any. */
    async matches<P extends { matchable: MatchablePackage }>(
      account: string,
      packages: readonly P[],
      settings: MatchSettings,
    ): Promise<[P, PrivateMatch[]][]> {
      const matcher = await matcherOf(account);
      if (!matcher) return [];
      return packages.flatMap((pkg): [P, PrivateMatch[]][] => {
        const found = matcher.match(pkg.matchable, settings);
        return found.length === 0 ? [] : [[pkg, found.map((match) => ({ match, detail: matcher.detail(match) }))]];
      });
    },

    /** Changes whenever the account's advisories do: part of what a judgement of its images depends on. */
    async stamp(within: Db, account: string): Promise<string> {
      const { count, changed: at } = await advisoryStamp(within, account);
      return count === 0 ? '' : `${count} ${at}`;
    },
  };
}
