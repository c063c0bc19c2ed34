import type { AccountRevisions } from './revision.ts';

/** Most bytes of rendered lists kept in memory. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Lists rendered to JSON once per revision of their account. */
export interface RenderedLists {
  /** The JSON of a list; `build` runs only when the account changed since it was rendered. */
  get(account: string, query: string, build: () => Promise<unknown>): Promise<Buffer>;
}

/** Least-recently-used cache of rendered lists; correct because every change raises the account's revision. */
export function createRenderedLists(revisions: Pick<AccountRevisions, 'current'>): RenderedLists {
  const entries = new Map<string, { revision: string; bytes: Buffer }>();
  let size = 0;
  return {
    async get(account, query, build) {
      const key = `${account}\n${query}`;
      // Read before building: a change in between makes the entry stale, never wrong.
      const revision = await revisions.current(account);
      const entry = entries.get(key);
      if (entry) {
        entries.delete(key);
        if (entry.revision === revision) {
          entries.set(key, entry);
          return entry.bytes;
        }
        size -= entry.bytes.length;
      }
      const bytes = Buffer.from(JSON.stringify(await build()));
      if (bytes.length > MAX_BYTES / 4) return bytes;
      const raced = entries.get(key);
      if (raced) size -= raced.bytes.length;
      entries.set(key, { revision, bytes });
      size += bytes.length;
      for (const [oldest, { bytes: old }] of entries) {
        if (size <= MAX_BYTES) break;
        entries.delete(oldest);
        size -= old.length;
      }
      return bytes;
    },
  };
}
