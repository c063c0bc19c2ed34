import type { PolicyFacts } from '../../types.ts';

type Ancestors = Extract<PolicyFacts['ancestors'], { state: 'present' }>['value'];
type Ancestor = Ancestors[number];

/** The image that this one was built from: the marked or chosen one, else the nearest known ancestor. */
export function baseImage(ancestors: Ancestors): Ancestor | undefined {
  return ancestors.find((ancestor) => ancestor.isBase) ?? ancestors[0];
}

/** Does the ancestor carry one of the tags? Rules may leave out `docker.io/` and `library/`. */
export function hasTag(ancestor: Ancestor, tags: readonly string[]): boolean {
  const wanted = new Set(tags.map(shortName));
  return ancestor.tags.some((tag) => wanted.has(shortName(tag)));
}

function shortName(tag: string): string {
  const name = tag
    .trim()
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '');
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`;
}
