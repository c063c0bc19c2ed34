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
  /** For rpm ranges: the same bounds with epochs left out of their keys. Made when first needed. */
  withoutEpoch?: readonly (readonly Bound[])[];
}

/** A version to test, with its sort keys made on first use. */
export interface Candidate {
  text: string;
  /** rpm: the epoch is not known, so the record's counts as the package's. */
  epochUnknown: boolean;
  /** Name and value of the sort key that was used last: nearly always the only one. */
  keyName: string;
  key: string;
  /** Sort keys of further schemes. */
  otherKeys: Map<string, string> | undefined;
}

/** Operator and version; some records have a blank after the epoch (`< 0: 1.20.10-1`). */
const UNIT = /\s*(==?|!=|<=|>=|<|>|)\s*(?:"([^"]*)"|'([^']*)'|((?:[0-9]+:[ \t]+(?=[0-9]))?[^\s,|<>=!"']+))\s*/y;

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
  return { text, scheme, alternatives };
}

function boundsWithoutEpoch(constraint: Constraint): readonly (readonly Bound[])[] {
  constraint.withoutEpoch ??= constraint.alternatives.map((bounds) =>
    bounds.map((bound) => ({ ...bound, key: rpmWithoutEpoch.key(bound.version) })),
  );
  return constraint.withoutEpoch;
}

/** A last part that only tells the Java release a jar is built for (`12.10.2.jre11`) does not order it in a range. */
function withoutJavaRelease(text: string): string {
  return text.replace(/\.(?:jre|jdk)[0-9]+$/i, '');
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
    const version = match[2] ?? match[3] ?? (match[4] ?? '').replace(/\s/g, '');
    if (/^[~^*()[\]]/.test(version)) return `unknown operator at "${version.slice(0, 40)}"`;
    if (version === '') return 'a version is missing';
    const operator = (match[1] === '' || match[1] === '==' ? '=' : match[1]) as Operator;
    const ordered = scheme.name === 'maven' ? withoutJavaRelease(version) : version;
    bounds.push({ operator, version, key: scheme.key(ordered) });
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
  return { text, epochUnknown, keyName: '', key: '', otherKeys: undefined };
}

/** Does the version lie in the range? Constraints that cannot be read hold for every version. */
export function satisfies(version: Candidate, constraint: Constraint): boolean {
  if (constraint.unreadable !== undefined) return true;
  const { scheme } = constraint;
  if (constraint.alternatives.length === 0) return scheme !== 'kb';
  const implied = version.epochUnknown && scheme === 'rpm';
  const alternatives = implied ? boundsWithoutEpoch(constraint) : constraint.alternatives;
  const perBound = scheme === 'pep440';
  const key = perBound ? '' : candidateKey(version, implied ? 'rpm-without-epoch' : scheme);
  for (const bounds of alternatives) {
    let holds = true;
    for (const bound of bounds) {
      const own = perBound ? pythonKey(version, bound) : key;
      if (!boundHolds(own, scheme, bound)) {
        holds = false;
        break;
      }
    }
    if (holds) return true;
  }
  return false;
}

/** Kinds of keys: schemes, and two readings of a version that ranges ask for. */
type KeyName = SchemeName | 'rpm-without-epoch' | 'pep440-public';

/** A local version counts only against a bound that has one. */
function pythonKey(version: Candidate, bound: Bound): string {
  return candidateKey(version, bound.version.includes('+') ? 'pep440' : 'pep440-public');
}

function candidateKey(version: Candidate, name: KeyName): string {
  if (version.keyName === name) return version.key;
  const known = version.otherKeys?.get(name);
  if (known !== undefined) return known;
  const key = makeKey(version.text, name);
  if (version.keyName === '') {
    version.keyName = name;
    version.key = key;
  } else {
    version.otherKeys ??= new Map();
    version.otherKeys.set(name, key);
  }
  return key;
}

function makeKey(text: string, name: KeyName): string {
  if (name === 'rpm-without-epoch') return rpmWithoutEpoch.key(text);
  if (name === 'pep440-public') return SCHEMES.pep440.key(publicVersion(text));
  return SCHEMES[name].key(name === 'maven' ? withoutJavaRelease(text) : text);
}

function boundHolds(key: string, scheme: SchemeName, bound: Bound): boolean {
  // An update does not tell which others it holds, so kb ranges mean the update that they name.
  const operator = scheme === 'kb' && bound.operator !== '!=' ? '=' : bound.operator;
  switch (operator) {
    case '<':
      return key < bound.key;
    case '<=':
      return key <= bound.key;
    case '=':
      return key === bound.key;
    case '!=':
      return key !== bound.key;
    case '>':
      return key > bound.key;
    case '>=':
      return key >= bound.key;
  }
}
