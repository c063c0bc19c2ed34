import type { Package } from '../model/package.ts';
import { type Candidates, goCandidates, javaCandidates, namedCandidates } from './cpe-candidates.ts';
import { formatCpe } from './cpe-name.ts';

/** Most CPE names given to one package: more only cost look-ups. */
const MOST_NAMES = 24;

/** The part of a package that CPE candidates are made from. */
export type CpeSubject = Pick<Package, 'type' | 'name' | 'version' | 'metadata'> & { origin?: string };

/**
 * CPE 2.3 names under which vulnerability databases may know a package: every likely vendor with every likely product,
 * each also with `-` and `_` exchanged, best first. Names are guesses by the conventions of the ecosystem; a matcher
 * that trusts them must say so. Empty without name or version.
 */
export function cpeCandidates(pkg: CpeSubject): string[] {
  if (pkg.name === '' || pkg.version === '') return [];
  const candidates = candidatesFor(pkg);
  if (candidates === undefined) return [];
  // Module versions have a `v` that the NVD leaves out.
  const version = pkg.type === 'go-module' ? pkg.version.replace(/^v(?=\d)/, '') : pkg.version;
  const names = new Set<string>();
  for (const vendor of spellings(candidates.vendors)) {
    for (const product of spellings(candidates.products)) {
      names.add(formatCpe({ vendor, product, version }));
      if (names.size >= MOST_NAMES) return [...names];
    }
  }
  return [...names];
}

function candidatesFor(pkg: CpeSubject): Candidates | undefined {
  switch (pkg.type) {
    case 'java-archive':
    case 'jenkins-plugin':
    case 'graalvm-native-image':
      return javaCandidates(pkg);
    case 'go-module':
      return goCandidates(pkg.name);
    default:
      return namedCandidates(pkg);
  }
}

/** Each word as it is, then with `-` for `_` and `_` for `-`; order kept, each once. */
function spellings(words: readonly string[]): string[] {
  const out = new Set<string>();
  for (const word of words) {
    const lower = word.trim().toLowerCase().replace(/\s+/g, '_');
    if (lower === '' || lower.length > 128) continue;
    out.add(lower);
    out.add(lower.replaceAll('_', '-'));
    out.add(lower.replaceAll('-', '_'));
  }
  return [...out];
}
