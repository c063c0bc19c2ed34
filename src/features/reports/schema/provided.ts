import type { ReportContext } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import type { Position } from '../execution/tokens.ts';
import { type ListArguments, listSubject, pageInfo, pageLimit, startOf } from './lists.ts';
import type { Resolvers } from './resolvers.ts';

/** What another feature fills a field with. */
// biome-ignore lint/suspicious/noExplicitAny: each resolver names its own arguments and parent
export type ProvidedResolver = (args: any, context: ReportContext, parent: any) => unknown;

/** Fields that other features fill. */
const PROVIDED = {
  Query: ['metrics', 'metricData', 'scheduledQueries', 'scheduledQueryExecutions'],
  Mutation: [
    'createScheduledQuery',
    'updateScheduledQuery',
    'deleteScheduledQuery',
    'executeScheduledQuery',
    'executeScheduledQueryAsync',
    'cancelScheduledQueryExecution',
    'deleteScheduledQueryExecution',
  ],
  ScheduledQuery: ['executions'],
} as const;

/** Resolvers that hand over to what the features provided, by `Type.field`. */
export const providedResolvers: Resolvers = Object.fromEntries(
  Object.entries(PROVIDED).map(([type, fields]) => [
    type,
    Object.fromEntries(
      fields.map((field) => [
        field,
        (parent: unknown, args: unknown, context: ReportContext) => {
          const provided = context.provided[`${type}.${field}`];
          if (!provided) throw reportError('NOT_AVAILABLE', `${field} is not offered by this server`);
          return provided(args, context, parent);
        },
      ]),
    ),
  ]),
);

/** Where the rows of a list come from. */
export interface ListSource<Row> {
  /** Part of what tokens belong to. */
  name: string;
  /** Members of a position. */
  length: number;
  /** Rows behind a position, at most `limit`. */
  read(after: Position | undefined, limit: number): Promise<Row[]>;
  position(row: Row): Position;
  /** Rows of the whole list. */
  count(): Promise<number>;
}

/** A page of a list: limit, token, `pageInfo` and `results`. */
export async function listPage<Row, View>(
  context: ReportContext,
  args: ListArguments,
  source: ListSource<Row>,
  view: (row: Row) => View,
) {
  const limit = pageLimit(args.limit, context);
  const subject = listSubject(source.name, args, context);
  const rows = await source.read(startOf(args, subject, source.length), limit + 1);
  const shown = rows.slice(0, limit);
  context.spend(shown.length);
  const last = shown.at(-1);
  return {
    pageInfo: pageInfo(context, {
      subject,
      count: shown.length,
      last: last === undefined ? undefined : source.position(last),
      more: rows.length > limit,
      total: () => source.count(),
    }),
    results: shown.map(view),
  };
}
