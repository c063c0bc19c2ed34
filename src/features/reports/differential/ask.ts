import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import type { Database } from '#platform/database/types.ts';
import {
  createReportExecution,
  type ReportDependencies,
  type ReportExecution,
  type ReportScope,
  streamReport,
} from '../index.ts';
import { NOW } from './chance.ts';
import { METRIC_IDS } from './collected-oracle.ts';
import type { Fleet } from './facts.ts';
import type { Asked, SentFilter } from './filter-oracle.ts';
import { allFindings } from './finding-oracle.ts';
import { generateFleet, indexOf, storeFleet } from './fleet.ts';
import { RUNNING_SINCE } from './generate-inventory.ts';
import type { List } from './lists.ts';
import type { Row } from './vulnerability-oracle.ts';

/** Reports over a fleet, with what they are compared with. */
export interface Bench {
  reports: ReportExecution;
  /** What the server would log. */
  failures: unknown[];
  asked(scope: ReportScope, filter: SentFilter): Asked;
}

export function benchOf(
  database: Database,
  fleet: Fleet,
  { limits = {}, provided = {} }: Pick<ReportDependencies, 'limits' | 'provided'> = {},
): Bench {
  const failures: unknown[] = [];
  const index = indexOf(fleet);
  const reports = createReportExecution({
    database,
    currentIndex: () => index,
    settings: DEFAULT_MATCH_SETTINGS,
    runningSince: () => new Date(RUNNING_SINCE),
    userBaseImages: true,
    now: () => new Date(NOW),
    ...{ limits, provided: { ...provided }, onError: (error) => void failures.push(error) },
  });
  const findings = allFindings(fleet);
  return {
    ...{ reports, failures },
    asked: (scope, filter) => ({
      ...{ fleet, findings, filter, now: NOW, runningSince: RUNNING_SINCE },
      account: scope === 'global' ? undefined : scope.account,
    }),
  };
}

/** Limits that choose ways in which statements go, whatever the size of the fleet. */
export const WAYS: readonly ReportDependencies['limits'][] = [
  {},
  { fewImages: 0, firstIds: 2 },
  { fewRows: 0, firstLists: 1 },
  { fewImages: 0, fewRows: 0, firstIds: 1, firstLists: 2 },
];

/** Who asks, the accounts with more in them more often. */
export const SCOPES: readonly ReportScope[] = [
  ...[{ account: 'acme' }, { account: 'acme' }, { account: 'b-team' }, { account: 'empty' }],
  ...(['global', 'global'] as const),
];

/** The fleet of a seed in the place of what the database holds. */
export async function storedFleet(
  database: Database,
  seed: number,
  { provided, change }: Pick<ReportDependencies, 'provided'> & { change?(fleet: Fleet): void } = {},
): Promise<{ fleet: Fleet; bench: Bench }> {
  const fleet = generateFleet(seed, METRIC_IDS);
  change?.(fleet);
  await storeFleet(database, fleet);
  return { fleet, bench: benchOf(database, fleet, provided ? { provided } : {}) };
}

export interface Question {
  list: List;
  scope: ReportScope;
  filter: SentFilter;
  orderBy?: string | undefined;
  limit?: number | undefined;
  token?: string | null | undefined;
  selection?: string;
  /** Do not count the whole list. */
  uncounted?: boolean;
}

export interface Answer {
  rows: Row[];
  pageInfo: { nextToken: string | null; count: number; totalCount?: number; hasNextPage: boolean; asOf: string };
  code?: unknown;
}

const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}: ${literal(member)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
};
const ENUMS = /(severity|severities|result|reason|status|annotationStatus|type): (\[[^\]]*\]|"[^"]*")/g;

/** A document that asks for a list; the filter is written into it. */
export function documentOf({ list, filter, orderBy, limit, token, selection, uncounted }: Question): string {
  const text = literal(filter);
  // Values of enumerations are written without quotes; types of packages are texts.
  const inline = text.replace(ENUMS, (whole, name: string, value: string) =>
    name === 'type' && !/^"(kubernetes|ecs)"$/.test(value) ? whole : `${name}: ${value.replaceAll('"', '')}`,
  );
  const args = [
    ...(list.filter === 'none' ? [] : [`filter: ${inline}`]),
    ...(orderBy ? [`orderBy: ${orderBy}`] : []),
    ...(limit === undefined ? [] : [`limit: ${limit}`]),
    ...(token ? [`nextToken: ${JSON.stringify(token)}`] : []),
  ];
  return `{ list: ${list.name}${args.length > 0 ? `(${args.join(', ')})` : ''} {
    pageInfo { nextToken count ${uncounted ? '' : 'totalCount'} hasNextPage asOf } results { ${selection ?? list.selection} } } }`;
}

/** What the server answers. */
export async function ask(bench: Bench, question: Question): Promise<Answer> {
  const { data, errors } = await bench.reports.executeReport({ scope: question.scope, query: documentOf(question) });
  const code = errors?.[0] && (errors[0].extensions.code ?? errors[0].message);
  const found = data?.list as { pageInfo: Answer['pageInfo']; results: Row[] } | null | undefined;
  const rows = found?.results ?? [];
  return {
    rows: question.list.rows?.(rows) ?? rows,
    pageInfo: found?.pageInfo ?? { nextToken: null, count: 0, totalCount: 0, hasNextPage: false, asOf: '' },
    ...(code === undefined ? {} : { code }),
  };
}

/** The list read to its end as results of scheduled queries are. */
export async function readStream(bench: Bench, question: Question, pageRows: number): Promise<Row[]> {
  const query = documentOf(question);
  const rows: Row[] = [];
  for await (const row of streamReport(bench.reports, { scope: question.scope, query, pageRows }).rows) rows.push(row);
  return question.list.rows?.(rows) ?? rows;
}
