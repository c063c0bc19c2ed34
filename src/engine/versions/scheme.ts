import type { Order, SchemeName, VersionScheme } from './types.ts';

/**
 * A scheme whose order is that of a sort key: `compare(a, b)` orders `key(a)` and `key(b)` by UTF-16 code units.
 * Any key function gives a total order, whatever the input; a parsed version is one string that can be kept and
 * compared at the speed of the engine.
 */
export interface KeyedScheme extends VersionScheme {
  /** Sort key. Opaque: only its order means something, and only within one scheme and one program version. */
  key(text: string): string;
}

/** Orders two sort keys of one scheme. */
export function orderKeys(a: string, b: string): Order {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Makes a scheme from its key function and its grammar. Surrounding white space never counts. */
export function defineScheme(
  name: SchemeName,
  key: (text: string) => string,
  valid: (text: string) => boolean,
): KeyedScheme {
  return {
    name,
    key: (text) => key(text.trim()),
    compare: (a, b) => (a === b ? 0 : orderKeys(key(a.trim()), key(b.trim()))),
    valid: (text) => valid(text.trim()),
  };
}
