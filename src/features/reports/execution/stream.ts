import type { ReportExecution, ReportPages, ReportRequest } from './execute.ts';
import { PAGE, pagedDocument, TOKEN } from './paged-document.ts';

/** How long pages share a snapshot: one that is held longer keeps the database from clearing away what is gone. */
const SNAPSHOT_MS = 60_000;

/** A report read to its end, page by page. */
export interface ReportStream {
  /** Name of the report, e.g. `imagesByVulnerability`. */
  field: string;
  /** Rows of `results`, in order. Throws a GraphQLError when a page fails; what was yielded before holds. */
  rows: AsyncIterable<Record<string, unknown>>;
}

/**
 * All rows of a document that asks for one list: the list is read in pages behind the scenes, those of a minute in one
 * snapshot, and its own `limit` does not count. A page goes on where the one before ended: after a failure, too, when its
 * token was kept. Throws for documents that ask for anything else.
 */
export function streamReport(execution: ReportExecution, request: ReportRequest & { pageRows?: number }): ReportStream {
  const errors = execution.check(request.query, request.operationName);
  if (errors[0]) throw errors[0];
  const { query, field, responseName, row } = pagedDocument(request);
  const unusable = execution.check(query, request.operationName);
  if (unusable[0]) throw unusable[0];
  const pageRows = request.pageRows ?? 500;
  async function* rows() {
    for (let token: string | null = null, begun = false; !begun || token !== null; begun = true) {
      const pages = await execution.openPages({ ...request, query }, row);
      const opened = performance.now();
      try {
        do {
          const page = await readPage(pages, token);
          yield* page.rows;
          // See PageSession.used.
          page.rows.length = 0;
          token = page.token;
        } while (token !== null && performance.now() - opened < SNAPSHOT_MS);
      } finally {
        await pages.end();
      }
    }
  }

  async function readPage(pages: ReportPages, token: string | null) {
    const {
      data,
      errors: failed,
      results,
    } = await pages.run({ ...request.variables, [PAGE]: pageRows, [TOKEN]: token });
    if (failed?.[0]) throw failed[0];
    const list = data?.[responseName] as
      | { results: Record<string, unknown>[] | null; [TOKEN]: { nextToken: string | null } | null }
      | null
      | undefined;
    return { rows: results ?? list?.results ?? [], token: list?.[TOKEN]?.nextToken ?? null };
  }
  return { field, rows: rows() };
}
