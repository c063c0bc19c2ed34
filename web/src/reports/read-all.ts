import { ApiError } from '#client/index.ts';
import type { PreparedReport } from '#contract/prepared-reports.ts';
import { csvLine, tableLines } from '#shared/report-table.ts';
import { type ReportPage, type ReportQuestion, runReport } from '../api/run-report.ts';

const PAGE_ROWS = 1_000;
const TRIES = 4;

/** Forms in which the page hands out a report. */
export type DownloadFormat = 'csv' | 'json';

/** All rows of a report as a file, and how long it is. */
export interface WholeReport {
  content: Blob;
  /** In what the list counts. */
  count: number;
}

/**
 * Reads a report to its end and writes it page by page; what is written lies with the browser, not in the memory of the
 * page. Lines of CSV and the form of JSON are those of the server's own results. Throws what a page throws, after a few
 * tries where the server was only busy, and the signal's reason.
 */
export async function readAll(
  question: ReportQuestion,
  options: {
    report: PreparedReport;
    columns: PreparedReport['columns'];
    format: DownloadFormat;
    signal: AbortSignal;
    onCount: (count: number) => void;
  },
): Promise<WholeReport> {
  const { report, columns, format, signal, onCount } = options;
  const type = format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json';
  const toLines = tableLines(columns);
  const parts: Blob[] = [];
  let rows = 0;
  let count = 0;
  let asOf: string | undefined;
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const variables = { ...question.variables, limit: PAGE_ROWS, ...(token ? { nextToken: token } : {}) };
    const page = await patiently(() => runReport({ ...question, variables }, signal), signal);
    asOf ??= page.asOf;
    const text =
      format === 'csv'
        ? page.rows.flatMap((row) => toLines(row).map(csvLine)).join('')
        : page.rows.map((row) => JSON.stringify(row)).join(',\n');
    if (format === 'json' && rows > 0 && text !== '') parts.push(new Blob([',\n']));
    parts.push(new Blob([text]));
    rows += page.rows.length;
    count += page.count;
    onCount(count);
    token = page.nextToken;
  }
  if (format === 'csv')
    return { content: new Blob([csvLine(columns.map(({ heading }) => heading)), ...parts], { type }), count };
  const manifest = {
    report: report.report,
    query: question.document,
    variables: question.variables,
    scope: question.global ? 'global' : 'account',
    as_of: asOf,
    row_count: rows,
    columns: columns.map(({ path, heading }) => ({ path, heading })),
  };
  const head = `{"manifest":${JSON.stringify(manifest)},"results":[\n`;
  return { content: new Blob([head, ...parts, '\n]}\n'], { type }), count };
}

/** Tries again where the server was busy or did not answer. */
async function patiently(read: () => Promise<ReportPage>, signal: AbortSignal): Promise<ReportPage> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const passing = error instanceof ApiError && [0, 429, 502, 503, 504].includes(error.status);
      if (!passing || attempt === TRIES || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}
