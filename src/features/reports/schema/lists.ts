import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import type { ReportContext } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import { decodeToken, encodeToken, type Position, tokenSubject } from '../execution/tokens.ts';

/** Arguments that all lists have. */
export interface ListArguments {
  limit?: number | null;
  nextToken?: string | null;
  filter?: object | null;
  orderBy?: string | null;
}

/** Rows that `limit` asks for. Throws beyond the ceiling. */
export function pageLimit(limit: number | null | undefined, context: ReportContext): number {
  if (limit === undefined || limit === null) return Math.min(1000, context.limits.pageRows);
  if (limit < 1 || limit > context.limits.pageRows)
    throw reportError(
      'LIMIT_OUT_OF_RANGE',
      `limit must be from 1 to ${context.limits.pageRows}, not ${limit}: read further rows by nextToken`,
    );
  return limit;
}

/** What tokens of a list belong to: a token of another list, filter, order or scope is refused. */
export function listSubject(name: string, args: ListArguments, context: ReportContext): string {
  return tokenSubject(name, context.scope, args.filter, args.orderBy);
}

/** Where the page begins; undefined: at the start. */
export function startOf(args: ListArguments, subject: string, length: number): Position | undefined {
  return args.nextToken ? decodeToken(args.nextToken, subject, length) : undefined;
}

/** `pageInfo` of a list. */
export function pageInfo(
  context: ReportContext,
  page: { subject: string; count: number; last: Position | undefined; more: boolean; total(): Promise<number> },
) {
  const nextToken = page.more && page.last ? encodeToken(page.subject, page.last) : null;
  return {
    nextToken,
    count: page.count,
    hasNextPage: nextToken !== null,
    asOf: context.now,
    totalCount: () => page.total(),
  };
}

/** The fields below the current one along a path, those of fragments among them. */
export function selectedFields(info: GraphQLResolveInfo, ...path: string[]): FieldNode[] {
  let level: readonly FieldNode[] = info.fieldNodes;
  for (const name of path)
    level = level.flatMap((node) => fieldsOf(node.selectionSet, info).filter((field) => field.name.value === name));
  return [...level];
}

function fieldsOf(selection: SelectionSetNode | undefined, info: GraphQLResolveInfo): FieldNode[] {
  return (selection?.selections ?? []).flatMap((node) => {
    if (node.kind === 'Field') return [node];
    if (node.kind === 'InlineFragment') return fieldsOf(node.selectionSet, info);
    return fieldsOf(info.fragments[node.name.value]?.selectionSet, info);
  });
}

/** Is a list below asked for whole? */
export function asksForAll(info: GraphQLResolveInfo, ...path: string[]): boolean {
  return selectedFields(info, ...path).some((node) => !node.arguments?.some(({ name }) => name.value === 'limit'));
}

/** Arguments of an inner list. */
export interface InnerArguments {
  limit?: number | null;
  nextToken?: string | null;
}

/** A page of an inner list: its token belongs to the list around it, and to the row that holds it. */
export interface InnerPage<T> {
  rows: T[];
  nextToken: string | null;
}

/** Is an inner list asked for whole? */
export function asksForWhole({ limit, nextToken }: InnerArguments): boolean {
  return (limit ?? undefined) === undefined && !nextToken;
}

/** Name of a batch that tells arguments apart. */
export function innerName(name: string, args: InnerArguments): string {
  return `${name} ${args.limit ?? ''} ${args.nextToken ?? ''}`;
}

/** What tokens of an inner list belong to. */
export function innerSubject(subject: string, name: string, parent: Position): string {
  return tokenSubject(subject, name, parent);
}
