import { ApiError } from '#client/index.ts';
import { windlassReportsOperations } from '#contract/windlass-reports.ts';
import { client } from './client.ts';

/** A document that asks for one report, and where it is asked. */
export interface ReportQuestion {
  document: string;
  variables: Readonly<Record<string, unknown>>;
  /** Over all accounts. */
  global: boolean;
  /** Account of the page; undefined: the own one. */
  account: string | undefined;
}

/** A page of a report. */
export interface ReportPage {
  rows: unknown[];
  nextToken: string | undefined;
  /** How much of what the list counts is on the page; rows may hold several. */
  count: number;
  /** Length of the whole list, when it was asked for. */
  total: number | undefined;
  /** The state that the page shows is the state of this moment, ISO 8601. */
  asOf: string | undefined;
}

/** A report that was refused or given up, with the server's own words. */
export class ReportFailure extends Error {
  override readonly name = 'ReportFailure';
  /** Name of the reason, e.g. `TIMEOUT`. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

interface GraphqlError {
  message?: string;
  extensions?: { code?: string };
}

interface List {
  pageInfo?: { count?: number | null; nextToken?: string | null; totalCount?: number | null; asOf?: string | null };
  results?: unknown[] | null;
}

/** Asks for a page. Throws ReportFailure for what the report itself refuses, ApiError for all else. */
export async function runReport(question: ReportQuestion, signal?: AbortSignal): Promise<ReportPage> {
  const { document, variables, global, account } = question;
  const operation = global ? windlassReportsOperations.run_global_report : windlassReportsOperations.run_report;
  const input = { raw: JSON.stringify({ query: document, variables }), contentType: 'application/json' };
  const options = { ...(signal ? { signal } : {}), ...(account === undefined ? {} : { account }) };
  const response: Response = await client.call(operation, input, options).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, List | null>; errors?: GraphqlError[] };
  if (errors?.[0]) throw failure(errors[0]);
  const [list] = Object.values(data ?? {});
  const { count, nextToken, totalCount, asOf } = list?.pageInfo ?? {};
  const rows = list?.results ?? [];
  return {
    rows,
    count: count ?? rows.length,
    nextToken: nextToken ?? undefined,
    total: totalCount ?? undefined,
    // times of reports are UTC without a zone
    asOf: asOf ? utcTime(asOf) : undefined,
  };
}

/** A time of a report with its zone. */
export function utcTime(time: string): string {
  return /[Zz]$|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`;
}

/** A document that was refused as a whole says why in the same form as an answer. */
function refusal(error: unknown): ReportFailure | undefined {
  if (!(error instanceof ApiError) || !Array.isArray(error.detail.errors)) return undefined;
  const [first] = error.detail.errors as GraphqlError[];
  return first ? failure(first) : undefined;
}

function failure({ message, extensions }: GraphqlError): ReportFailure {
  return new ReportFailure(message ?? 'The server gives no reason.', extensions?.code);
}

const NARROW = 'Name a repository, tag or package, choose fewer severities, or a shorter time.';
const ADVICE: Record<string, string> = {
  TIMEOUT: `${NARROW} A scheduled query has more time.`,
  ANSWER_TOO_LARGE: NARROW,
  QUERY_TOO_LARGE: 'Choose fewer columns.',
  TOKEN_INVALID: 'Run the report again from its beginning.',
  FILTER_INVALID: 'Correct or clear the filter that is named.',
};

/** What the reader can do about a failure. */
export function adviceOn({ code }: ReportFailure): string | undefined {
  return code === undefined ? undefined : ADVICE[code];
}
