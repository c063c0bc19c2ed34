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
import type { ReportExecution, ReportRequest } from './execute.ts';

const PAGE = '__reportPage';
const TOKEN = '__reportToken';

/** A report read to its end, page by page. */
export interface ReportStream {
  /** Name of the report, e.g. `imagesByVulnerability`. */
  field: string;
  /** Rows of `results`, in order. Throws a GraphQLError when a page fails; what was yielded before holds. */
  rows: AsyncIterable<Record<string, unknown>>;
}

/**
 * All rows of a document that asks for one list: the list is read in pages behind the scenes, each in a snapshot of its
 * own. Its own `limit` is the number of rows in all; none means all. Throws for documents that ask for anything else.
 */
export function streamReport(execution: ReportExecution, request: ReportRequest & { pageRows?: number }): ReportStream {
  const errors = execution.check(request.query, request.operationName);
  if (errors[0]) throw errors[0];
  const { query, field, responseName } = paged(request);
  const unusable = execution.check(query, request.operationName);
  if (unusable[0]) throw unusable[0];
  const pageRows = request.pageRows ?? 500;
  async function* rows() {
    for (let token: string | null | undefined; token !== null; ) {
      const { data, errors: failed } = await execution.executeReport({
        ...request,
        query,
        variables: { ...request.variables, [PAGE]: pageRows, [TOKEN]: token },
      });
      if (failed?.[0]) throw failed[0];
      const list = data?.[responseName] as
        | { results: Record<string, unknown>[] | null; [TOKEN]: { nextToken: string | null } | null }
        | null
        | undefined;
      yield* list?.results ?? [];
      token = list?.[TOKEN]?.nextToken ?? null;
    }
  }
  return { field, rows: rows() };
}

/** The document with page size and token as variables of its only list. */
function paged({ query, operationName }: ReportRequest): { query: string; field: string; responseName: string } {
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
  const field: FieldNode = {
    ...root,
    arguments: [
      ...(root.arguments ?? []).filter(({ name }) => name.value !== 'limit' && name.value !== 'nextToken'),
      argument('limit', PAGE),
      argument('nextToken', TOKEN),
    ],
    selectionSet: { ...root.selectionSet, selections: [...root.selectionSet.selections, ...pageInfo] },
  };
  // Variables that only the replaced arguments used would be refused as unused.
  const used = new Set<string>();
  const note = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
  visit(field, note);
  for (const definition of document.definitions) if (definition !== operation) visit(definition, note);
  for (const directive of operation.directives ?? []) visit(directive, note);
  const replaced = new Set<string>();
  for (const { name, value } of root.arguments ?? [])
    if (name.value === 'limit' || name.value === 'nextToken')
      visit(value, { Variable: (node) => void replaced.add(node.name.value) });
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
  return { query: print(changed), field: root.name.value, responseName: root.alias?.value ?? root.name.value };
}
