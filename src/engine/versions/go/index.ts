import { defineScheme } from '../scheme.ts';
import { semanticKey } from '../semver/precedence.ts';

/** `v1.2.3+incompatible`, `go1.21rc2`, `go1.20.1 X:boringcrypto` without what does not order. */
function bare(text: string): string {
  return text.replace(/^go(?=[0-9])/, '').replace(/\s.*$/s, '');
}

/**
 * Go module versions (Go modules reference, "Versions") and toolchain versions. Pseudo-versions order as semantic
 * versions do: their time stamp is a pre-release.
 */
export const go = defineScheme(
  'go',
  (text) => semanticKey(bare(text)),
  (text) =>
    /^(?:go|v)?[0-9]+(?:\.[0-9]+){0,2}(?:-[0-9A-Za-z.-]+|(?:rc|beta)[0-9]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(bare(text)),
);

/** True for `v0.0.0-20210101000000-abcdefabcdef` and its relatives: a version made from a commit, not a tag. */
export function isPseudoVersion(text: string): boolean {
  return /^v?[0-9]+\.[0-9]+\.[0-9]+-(?:[0-9A-Za-z.-]*0\.)?[0-9]{14}-[0-9a-f]{12}(?:\+[0-9A-Za-z.-]+)?$/.test(text);
}
