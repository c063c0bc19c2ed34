import { type Compilation, compilePolicy, type PolicyDocument } from '#engine/policy/index.ts';

/** Compiled documents kept in memory. */
const CAPACITY = 64;

/**
 * Compiles documents once per digest. Rules of end-of-life gates are tolerated: the document was accepted when it
 * was saved. A least-recently-used document is dropped when there are too many.
 */
export function createCompiledPolicies() {
  const byDigest = new Map<string, Compilation>();
  return (digest: string, document: PolicyDocument): Compilation => {
    const compilation = byDigest.get(digest) ?? compilePolicy(document, { eol: 'tolerate' });
    byDigest.delete(digest);
    byDigest.set(digest, compilation);
    if (byDigest.size > CAPACITY) byDigest.delete(byDigest.keys().next().value!);
    return compilation;
  };
}
