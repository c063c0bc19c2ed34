import { GraphQLError, getDirectiveValues, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { TimeFormat } from '../schema/date-time.ts';
import { reportSchema } from '../schema/schema.ts';

/** The format of times that a valid operation asks for by `@timeFormat`. */
export function timeFormat(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): TimeFormat {
  const schema = reportSchema();
  const directive = schema.getDirective('timeFormat');
  if (!directive || !operation.directives?.length) return 'NAIVE';
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  try {
    return (getDirectiveValues(directive, operation, coerced)?.is as TimeFormat | undefined) ?? 'NAIVE';
  } catch (error) {
    // A variable without a value: running the document says so.
    if (error instanceof GraphQLError) return 'NAIVE';
    throw error;
  }
}
