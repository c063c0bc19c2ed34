import { isDigits, numberKey, releaseKey, textKey } from '../sort-key.ts';

/** A lenient semantic version, split. `prerelease` is undefined for a release. Build metadata is dropped. */
export interface SemanticParts {
  numbers: string[];
  prerelease: string | undefined;
}

/**
 * Reads a semantic version the way people write them: an optional `v` or `=`, any number of components, a
 * pre-release with or without its hyphen (`1.0rc1`), build metadata after `+`. Undefined when it does not begin
 * with a number.
 */
export function semanticParts(text: string): SemanticParts | undefined {
  const match = /^[=\s]*[vV]?\.?([0-9]+(?:\.[0-9]+)*)(.*)$/s.exec(text);
  if (!match) return undefined;
  let rest = match[2] ?? '';
  const plus = rest.indexOf('+');
  if (plus >= 0) rest = rest.slice(0, plus);
  rest = rest.trimEnd();
  const prerelease = /^[-.]/.test(rest) ? rest.slice(1) : rest;
  return { numbers: (match[1] ?? '').split('.'), prerelease: prerelease === '' ? undefined : prerelease };
}

/** Key of a pre-release by SemVer 2.0.0 §11; a release (undefined) comes after all of its pre-releases. */
export function prereleaseKey(prerelease: string | undefined): string {
  if (prerelease === undefined) return '\u0003';
  let key = '\u0001';
  for (const identifier of prerelease.split('.')) {
    key += isDigits(identifier) ? `\u0002${numberKey(identifier)}` : `\u0003${textKey(identifier)}`;
  }
  return `${key}\u0001`;
}

/** Key of a lenient semantic version; text that is none comes before all that are, in plain text order. */
export function semanticKey(text: string): string {
  const parts = semanticParts(text);
  if (!parts) return `\u0001${textKey(text)}`;
  return `\u0002${releaseKey(parts.numbers)}${prereleaseKey(parts.prerelease)}`;
}

const NUMBER = '(?:0|[1-9][0-9]*)';
const IDENTIFIER = `(?:${NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`;

/** SemVer 2.0.0 §2, §9 and §10, without a leading `v`. */
export const STRICT_SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);
