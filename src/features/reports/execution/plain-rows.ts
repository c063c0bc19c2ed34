import {
  type FieldNode,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Makes a result of a row as a resolver gives it. */
export type PlainRow = (row: Readonly<Record<string, unknown>>) => Record<string, unknown>;

interface Member {
  name: string;
  field: string;
  type: GraphQLLeafType;
  required: boolean;
}

/**
 * The same as what GraphQL makes of a list's `results`, for millions of rows: undefined unless they are members of the row
 * only, without arguments, directives, fragments, and resolvers of their own.
 */
export function plainRows(schema: GraphQLSchema, root: FieldNode): PlainRow | undefined {
  const list = getNamedType(schema.getQueryType()?.getFields()[root.name.value]?.type);
  const row = isObjectType(list) ? getNamedType(list.getFields().results?.type) : undefined;
  const [results, ...others] = (root.selectionSet?.selections ?? []).filter(
    (node) => node.kind !== 'Field' || node.name.value !== 'pageInfo',
  );
  if (!isObjectType(row) || results?.kind !== 'Field' || others.length > 0 || (results.directives?.length ?? 0) > 0)
    return undefined;
  const members: Member[] = [];
  for (const node of results.selectionSet?.selections ?? []) {
    if (node.kind !== 'Field' || (node.directives?.length ?? 0) > 0 || node.arguments?.length) return undefined;
    const field = row.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (!field || field.resolve || !isLeafType(type)) return undefined;
    const plain = isNonNullType(field.type) ? field.type.ofType : field.type;
    if (isListType(plain)) return undefined;
    members.push({
      name: (node.alias ?? node.name).value,
      field: node.name.value,
      type,
      required: isNonNullType(field.type),
    });
  }
  return (given) => {
    const result: Record<string, unknown> = {};
    for (const { name, field, type, required } of members) {
      const value = given[field];
      if (value !== undefined && value !== null) result[name] = type.serialize(value);
      else if (required) throw new GraphQLError(`Cannot return null for non-nullable field ${row.name}.${field}.`);
      else result[name] = null;
    }
    return result;
  };
}
