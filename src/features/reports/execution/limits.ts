import type { DocumentNode, FragmentDefinitionNode, GraphQLError, SelectionSetNode } from 'graphql';
import { reportError } from './report-error.ts';

/** How much one document may ask for. */
export interface ReportLimits {
  /** Levels of fields below the operation. */
  depth: number;
  /** Fields, those of fragments counted at each use. */
  fields: number;
  /** Fields of the operation itself. */
  rootFields: number;
  /** Largest `limit` of a list. */
  pageRows: number;
  /** Rows of all lists of an answer together. */
  answerRows: number;
  /** Seconds until an answer is given up. */
  seconds: number;
  /** Up to so many images are passed to each statement, and may be what it begins with. */
  fewImages: number;
  /** For up to so many rows images are looked up one by one. */
  fewRows: number;
  /** Vulnerabilities that the first statement of a page looks at, at least. */
  firstIds: number;
  /** Rows whose whole lists are read first: they tell how long the others are. */
  firstLists: number;
}

export const DEFAULT_LIMITS: ReportLimits = {
  depth: 16,
  fields: 600,
  rootFields: 10,
  pageRows: 10_000,
  answerRows: 100_000,
  seconds: 60,
  fewImages: 300,
  fewRows: 2_000,
  firstIds: 200,
  firstLists: 10,
};

/** Lexical units of a document; the parser stops there. */
export const MAX_TOKENS = 8_000;
/** Characters of a document. */
export const MAX_CHARACTERS = 100_000;

interface Extent {
  fields: number;
  depth: number;
}

/**
 * Measures a document before it is validated, whose cost grows faster than its size. A fragment is measured once however
 * often it is used; one that contains itself is left to the validation, which names it.
 */
export function checkExtent(document: DocumentNode, limits: ReportLimits): GraphQLError | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
  const known = new Map<string, Extent>();
  const open = new Set<string>();

  function ofFragment(name: string): Extent {
    const measured = known.get(name);
    if (measured) return measured;
    const fragment = fragments.get(name);
    if (!fragment || open.has(name)) return { fields: 0, depth: 0 };
    open.add(name);
    const extent = ofSelection(fragment.selectionSet);
    open.delete(name);
    known.set(name, extent);
    return extent;
  }

  function ofSelection(selection: SelectionSetNode | undefined): Extent {
    const total: Extent = { fields: 0, depth: 0 };
    for (const node of selection?.selections ?? []) {
      const inner = node.kind === 'FragmentSpread' ? ofFragment(node.name.value) : ofSelection(node.selectionSet);
      const own = node.kind === 'Field' ? 1 : 0;
      total.fields = Math.min(total.fields + inner.fields + own, Number.MAX_SAFE_INTEGER);
      total.depth = Math.max(total.depth, inner.depth + own);
    }
    return total;
  }

  function rootFields(selection: SelectionSetNode, seen: ReadonlySet<string>): number {
    return selection.selections.reduce((sum, node) => {
      if (node.kind === 'Field') return sum + 1;
      if (node.kind === 'InlineFragment') return sum + rootFields(node.selectionSet, seen);
      const fragment = fragments.get(node.name.value);
      if (!fragment || seen.has(node.name.value) || sum > limits.rootFields) return sum;
      return sum + rootFields(fragment.selectionSet, new Set([...seen, node.name.value]));
    }, 0);
  }

  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition' && definition.kind !== 'FragmentDefinition') continue;
    const { fields, depth } = ofSelection(definition.selectionSet);
    if (depth > limits.depth)
      return reportError(
        'QUERY_TOO_DEEP',
        `The query nests ${depth} levels of fields, at most ${limits.depth} are allowed: ask for fewer levels`,
      );
    if (fields > limits.fields)
      return reportError(
        'QUERY_TOO_LARGE',
        `The query selects ${fields} fields, at most ${limits.fields} are allowed: split it into several queries`,
      );
    if (definition.kind === 'OperationDefinition') {
      const roots = rootFields(definition.selectionSet, new Set());
      if (roots > limits.rootFields)
        return reportError(
          'QUERY_TOO_LARGE',
          `The query asks for ${roots} reports at once, at most ${limits.rootFields} are allowed: send them one by one`,
        );
    }
  }
  return undefined;
}
