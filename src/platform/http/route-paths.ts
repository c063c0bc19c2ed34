import type { Operation } from '#contract/operation.ts';

/** What paths begin with unless a bound operation says otherwise. */
const PREFIX = '/v2';

/** An operation and where it is served. */
export interface PlacedOperation {
  operation: Operation;
  prefix?: string;
}

/** Path of an operation in the router's notation, below its prefix. A greedy parameter becomes `*`. */
export function routerPath({ operation, prefix = PREFIX }: PlacedOperation): string {
  const greedy = operation.greedy;
  return `${prefix}${operation.path}`.replace(/\{([^}]+)\}/g, (_, name: string) =>
    name === greedy ? '*' : `:${name}`,
  );
}

/** Finds the methods that a path would have, for paths that matched no route. */
export function methodFinder(operations: readonly PlacedOperation[]): (path: string) => string[] {
  const byPath = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  for (const placed of operations) {
    const path = routerPath(placed);
    const known = byPath.get(path) ?? { pattern: patternOf(placed), methods: new Set() };
    known.methods.add(placed.operation.method);
    byPath.set(path, known);
  }
  const patterns = [...byPath.values()];
  return (path) => {
    const methods = new Set<string>();
    const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
    for (const one of patterns) if (one.pattern.test(plain)) for (const method of one.methods) methods.add(method);
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort();
  };
}

function patternOf({ operation, prefix = PREFIX }: PlacedOperation): RegExp {
  const source = operation.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part.slice(1, -1) === operation.greedy ? '.+' : '[^/]+';
    })
    .join('');
  return new RegExp(`^${prefix}${source === '/' ? '/?' : source}$`);
}
