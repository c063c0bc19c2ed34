import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { Column } from '#shared/report-table.ts';

/** Most columns of a table. */
const MAX_COLUMNS = 500;

/** The columns that a document selects below `results`, in its order. Of a document that was validated before. */
export function selectedColumns(query: string): Column[] {
  const document = parse(query, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const paths = new Set<string>();

  function walk(set: SelectionSetNode | undefined, path: readonly string[], visit: (path: readonly string[]) => void) {
    for (const node of set?.selections ?? []) {
      if (paths.size > MAX_COLUMNS) return;
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet, path, visit);
      else if (node.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(node.name.value)?.selectionSet, path, visit);
      else {
        const deeper = [...path, node.alias?.value ?? node.name.value];
        if (node.selectionSet) walk(node.selectionSet, deeper, visit);
        else visit(deeper);
      }
    }
  }
  walk(operation?.selectionSet, [], ([, list, ...path]) => {
    if (list === 'results' && path.length > 0) paths.add(path.join('.'));
  });
  return [...paths].slice(0, MAX_COLUMNS).map((path) => ({ path, heading: path }));
}
