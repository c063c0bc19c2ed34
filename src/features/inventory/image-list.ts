import type { Db } from '#platform/database/types.ts';
import { contextSizes, type ImageFilter, type ImageKey, imagesOfContexts, PAGE_ROWS, pageEnd } from './list-store.ts';
import type { InventoryService } from './service.ts';

/**
 * All images of an account that run (in the contexts `only`), by context, tag and digest: JSON objects joined by commas, in
 * pages small enough for memory. Each page is its own query, so that a slow reader holds no connection.
 */
export async function* imagePages(
  db: Db,
  account: string,
  filter: ImageFilter,
  since: Date,
  only?: ReadonlySet<string>,
): AsyncGenerator<string> {
  let contexts: string[] = [];
  let size = 0;
  for (const { context, rows } of await contextSizes(db, account, filter)) {
    if (only && !only.has(context)) continue;
    if (contexts.length > 0 && size + rows > PAGE_ROWS && contexts.at(-1) !== context) {
      yield* pagesOf(db, account, contexts, size, filter, since);
      contexts = [];
      size = 0;
    }
    if (contexts.at(-1) !== context) contexts.push(context);
    size += rows;
  }
  if (contexts.length > 0) yield* pagesOf(db, account, contexts, size, filter, since);
}

async function* pagesOf(
  db: Db,
  account: string,
  contexts: readonly string[],
  size: number,
  filter: ImageFilter,
  since: Date,
): AsyncGenerator<string> {
  if (size <= PAGE_ROWS || contexts.length > 1) {
    const { text } = await imagesOfContexts(db, account, contexts, { ...filter, since });
    if (text !== null) yield text;
    return;
  }
  // one context with more rows than a page
  let after: ImageKey | undefined;
  for (;;) {
    const until = await pageEnd(db, account, contexts[0]!, after);
    if (!until) return;
    const { text } = await imagesOfContexts(db, account, contexts, { ...filter, since, after, until });
    if (text !== null) yield text;
    after = until;
  }
}

/** JSON text of a list that comes in pages, between `before` and `after`. */
export async function* jsonList(
  pages: AsyncIterable<string>,
  before: string,
  after: string,
): AsyncGenerator<Uint8Array> {
  let lead = before;
  for await (const page of pages) {
    yield Buffer.from(`${lead}${page}`);
    lead = ',';
  }
  yield Buffer.from(lead === before ? `${before}${after}` : after);
}

/** JSON text of the list as a bare array, of these contexts alone when they are given. */
export function imagesAsArray(
  { database, cutoff }: Pick<InventoryService, 'database' | 'cutoff'>,
  account: string,
  filter: ImageFilter,
  contexts?: ReadonlySet<string>,
): AsyncGenerator<Uint8Array> {
  return jsonList(imagePages(database.db, account, filter, cutoff(), contexts), '[', ']');
}
