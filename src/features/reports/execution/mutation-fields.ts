import {
  type DocumentNode,
  GraphQLError,
  getArgumentValues,
  getVariableValues,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { reportSchema } from '../schema/schema.ts';

/** A change that a document asks for. */
export interface MutationField {
  /** Name in the answer. */
  responseName: string;
  field: string;
  /** What it changes, when an argument names it. */
  uuid: string | undefined;
}

/** The changes that a valid document asks for, in order; none for queries. */
export function mutationFields(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): MutationField[] {
  if (operation.operation !== 'mutation') return [];
  const schema = reportSchema();
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const found = new Map<string, MutationField>();

  function collect(set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (node.kind === 'InlineFragment') collect(node.selectionSet);
      else if (node.kind === 'FragmentSpread') {
        for (const definition of document.definitions)
          if (definition.kind === 'FragmentDefinition' && definition.name.value === node.name.value)
            collect(definition.selectionSet);
      } else {
        const field = schema.getMutationType()?.getFields()[node.name.value];
        const responseName = (node.alias ?? node.name).value;
        if (field && !found.has(responseName))
          found.set(responseName, { responseName, field: field.name, uuid: uuidOf(field, node, coerced) });
      }
    }
  }
  collect(operation.selectionSet);
  return [...found.values()];
}

function uuidOf(...[field, node, variables]: Parameters<typeof getArgumentValues>): string | undefined {
  try {
    const { uuid } = getArgumentValues(field, node, variables);
    return typeof uuid === 'string' ? uuid.slice(0, 100) : undefined;
  } catch (error) {
    // An argument without a value: running the field says so.
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
