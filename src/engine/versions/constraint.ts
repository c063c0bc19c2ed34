import { publicVersion } from './pep440/index.ts';
import { SCHEMES } from './registry.ts';
import { rpmWithoutEpoch } from './rpm/index.ts';
import type { KeyedScheme } from './scheme.ts';
import type { SchemeName } from './types.ts';

/** Comparison operators of vulnerability ranges. */
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One comparison with a version. `key` is the sort key of `version`. */
export interface Bound {
  operator: Operator;
  version: string;
  key: string;
}

/** A parsed range: alternatives (`||`) of bounds that must all hold (`,`). */
export interface Constraint {
  text: string;
  scheme: SchemeName;
  /** Empty: every version. */
  alternatives: readonly (readonly Bound[])[];
  /** Why the text could not be read. Such a constraint holds for every version, so that nothing is missed. */
  unreadable?: string;
  /** For rpm ranges: the same bounds with epochs left out of their keys. */
  withoutEpoch?: readonly (readonly Bound[])[];
}

/** A version to test, with its sort keys made on first use. */
export interface Candidate {
  text: string;
  /** rpm: the epoch is not known, so the record's counts as the package's. */
  epochUnknown?: boolean;
  /** Sort keys by scheme name. */
  keys: Map<string, string>;
}

const UNIT = /\s*(==?|!=|<=|>=|<|>|)\s*(?:"([^"]*)"|'([^']*)'|([^\s,|<>=!"']+))\s*/y;

/**
 * Parses `>= 1.0, < 2.0 || = 3.1`: `,` or white space is "and", `||` is "or"; versions may be quoted; no operator is
 * equality. Text that does not follow this gives a constraint marked `unreadable`. Never throws.
 */
export function parseConstraint(text: string, scheme: SchemeName): Constraint {
  if (text.trim() === '') return { text, scheme, alternatives: [] };
  const implementation = SCHEMES[scheme];
  const alternatives: Bound[][] = [];
  for (const part of splitAlternatives(text)) {
    const bounds = parseBounds(part, implementation);
    if (typeof bounds === 'string') return { text, scheme, alternatives: [], unreadable: bounds };
    alternatives.push(bounds);
  }
  if (scheme !== 'rpm') return { text, scheme, alternatives };
  const withoutEpoch = alternatives.map((bounds) =>
    bounds.map((bound) => ({ ...bound, key: rpmWithoutEpoch.key(bound.version) })),
  );
  return { text, scheme, alternatives, withoutEpoch };
}

/** Splits at `||` outside quotes. */
function splitAlternatives(text: string): string[] {
  const parts: string[] = [];
  let quote = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '|' && text[i + 1] === '|') {
      parts.push(text.slice(start, i));
      start = i + 2;
      i++;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Bounds of one alternative, or the reason why it cannot be read. */
function parseBounds(part: string, scheme: KeyedScheme): Bound[] | string {
  const bounds: Bound[] = [];
  let at = 0;
  while (at < part.length) {
    UNIT.lastIndex = at;
    const match = UNIT.exec(part);
    if (!match) return `unexpected text at "${part.slice(at, at + 40).trim()}"`;
    const version = match[2] ?? match[3] ?? match[4] ?? '';
    if (/^[~^*()[\]]/.test(version)) return `unknown operator at "${version.slice(0, 40)}"`;
    if (version === '') return 'a version is missing';
    const operator = (match[1] === '' || match[1] === '==' ? '=' : match[1]) as Operator;
    bounds.push({ operator, version, key: scheme.key(version) });
    at = UNIT.lastIndex;
    if (part[at] === ',') {
      at++;
      if (part.slice(at).trim() === '') return 'a bound is missing after ","';
    }
  }
  return bounds.length === 0 ? 'an alternative is empty' : bounds;
}

/** A version to test against many constraints. */
export function candidate(text: string, epochUnknown = false): Candidate {
  return epochUnknown ? { text, epochUnknown, keys: new Map() } : { text, keys: new Map() };
}

/** Does the version lie in the range? Constraints that cannot be read hold for every version. */
export function satisfies(version: Candidate, constraint: Constraint): boolean {
  if (constraint.unreadable !== undefined) return true;
  if (constraint.alternatives.length === 0) return constraint.scheme !== 'kb';
  const implied = version.epochUnknown === true && constraint.withoutEpoch !== undefined;
  const alternatives = implied ? (constraint.withoutEpoch ?? []) : constraint.alternatives;
  for (const bounds of alternatives) {
    let holds = true;
    for (const bound of bounds) {
      if (!boundHolds(version, constraint.scheme, bound, implied)) {
        holds = false;
        break;
      }
    }
    if (holds) return true;
  }
  return false;
}

/** Sort key of the candidate for comparison with one bound. */
function candidateKey(version: Candidate, scheme: SchemeName, bound: Bound, withoutEpoch: boolean): string {
  const withoutLocal = scheme === 'pep440' && !bound.version.includes('+');
  const name = withoutEpoch ? 'rpm-without-epoch' : withoutLocal ? 'pep440-public' : scheme;
  const known = version.keys.get(name);
  if (known !== undefined) return known;
  const implementation = withoutEpoch ? rpmWithoutEpoch : SCHEMES[scheme];
  const key = implementation.key(withoutLocal ? publicVersion(version.text) : version.text);
  version.keys.set(name, key);
  return key;
}

function boundHolds(version: Candidate, scheme: SchemeName, bound: Bound, withoutEpoch: boolean): boolean {
  const key = candidateKey(version, scheme, bound, withoutEpoch);
  // An update does not tell which others it holds, so kb ranges mean the update that they name.
  const operator = scheme === 'kb' && bound.operator !== '!=' ? '=' : bound.operator;
  switch (operator) {
    case '=':
      return key === bound.key;
    case '!=':
      return key !== bound.key;
    case '<':
      return key < bound.key;
    case '<=':
      return key <= bound.key;
    case '>':
      return key > bound.key;
    case '>=':
      return key >= bound.key;
  }
}
