import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import { reportSchema } from '../schema/schema.ts';
import type { ReportRequest } from './execute.ts';
import { type PlainRow, plainRows } from './plain-rows.ts';
import { timeFormat } from './time-format.ts';

/** Lists that give plain results by themselves. */
const PLAIN_LISTS = new Set(['vulnerabilityMatches']);

/** Names of the variables and of the field that are added. */
export const PAGE = '__reportPage';
export const TOKEN = '__reportToken';

/** A document whose only list is read in pages. */
export interface PagedDocument {
  query: string;
  /** Name of the list, and its name in the answer. */
  field: string;
  responseName: string;
  /** Makes the results, which the document does not ask for; undefined: it does. */
  row: PlainRow | undefined;
}

/**
 * The document with page size and token as variables of its only list, of which only results are asked for. Throws for
 * documents that ask for anything else.
 */
export function pagedDocument({
  query,
  operationName,
  variables,
}: Pick<ReportRequest, 'query' | 'operationName' | 'variables'>): PagedDocument {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === 'OperationDefinition' && (!operationName || definition.name?.value === operationName),
  );
  if (operation?.kind !== 'OperationDefinition' || operation.operation !== 'query')
    throw new GraphQLError('Only a query can be read as a list of rows');
  const [root, ...others] = operation.selectionSet.selections;
  if (root?.kind !== 'Field' || others.length > 0 || !root.selectionSet || root.name.value.startsWith('__'))
    throw new GraphQLError('A query that is read as a list of rows must ask for exactly one report');
  if (
    !root.selectionSet.selections.some((node) => node.kind === 'Field' && (node.alias ?? node.name).value === 'results')
  )
    throw new GraphQLError('A query that is read as a list of rows must ask for results');
  const variable = (name: string) => ({
    kind: Kind.VARIABLE as const,
    name: { kind: Kind.NAME as const, value: name },
  });
  const named = (value: string) => ({ kind: Kind.NAMED_TYPE as const, name: { kind: Kind.NAME as const, value } });
  const argument = (name: string, value: string) => ({
    kind: Kind.ARGUMENT as const,
    name: { kind: Kind.NAME as const, value: name },
    value: variable(value),
  });
  const pageInfo = (
    parse(`{ ${TOKEN}: pageInfo { nextToken } }`).definitions[0] as { selectionSet: FieldNode['selectionSet'] }
  ).selectionSet!.selections as readonly SelectionNode[];
  // A fragment may be left without use.
  const simple = document.definitions.length === 1;
  const row =
    simple && PLAIN_LISTS.has(root.name.value)
      ? plainRows(reportSchema(timeFormat(operation, variables)), root)
      : undefined;
  // What else was asked for of the page nobody sees: a count of all rows, say, would be made for each page.
  const [kept, dropped] = divide(root.selectionSet.selections, (node) => {
    const isResults = node.kind !== 'Field' || node.name.value === 'results';
    return simple ? isResults && !row : true;
  });
  const field: FieldNode = {
    ...root,
    arguments: [
      ...(root.arguments ?? []).filter(({ name }) => name.value !== 'limit' && name.value !== 'nextToken'),
      argument('limit', PAGE),
      argument('nextToken', TOKEN),
    ],
    selectionSet: { ...root.selectionSet, selections: [...kept, ...pageInfo] },
  };
  // Variables that only the replaced arguments used would be refused as unused.
  const used = new Set<string>();
  const note = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
  visit(field, note);
  for (const definition of document.definitions) if (definition !== operation) visit(definition, note);
  for (const directive of operation.directives ?? []) visit(directive, note);
  const replaced = new Set<string>();
  const noteReplaced = { Variable: ({ name }: { name: { value: string } }) => void replaced.add(name.value) };
  for (const { name, value } of root.arguments ?? [])
    if (name.value === 'limit' || name.value === 'nextToken') visit(value, noteReplaced);
  for (const node of dropped) visit(node, noteReplaced);
  const changed: DocumentNode = {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition === operation
        ? {
            ...operation,
            variableDefinitions: [
              ...(operation.variableDefinitions ?? []).filter(
                ({ variable: { name } }) => used.has(name.value) || !replaced.has(name.value),
              ),
              { kind: Kind.VARIABLE_DEFINITION as const, variable: variable(PAGE), type: named('Int') },
              { kind: Kind.VARIABLE_DEFINITION as const, variable: variable(TOKEN), type: named('String') },
            ],
            selectionSet: { ...operation.selectionSet, selections: [field] },
          }
        : definition,
    ),
  };
  return { query: print(changed), field: root.name.value, responseName: root.alias?.value ?? root.name.value, row };
}

function divide<T>(items: readonly T[], keep: (item: T) => boolean): [kept: T[], dropped: T[]] {
  return [items.filter(keep), items.filter((item) => !keep(item))];
}
