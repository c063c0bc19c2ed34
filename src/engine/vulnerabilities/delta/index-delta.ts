import { setImmediate } from 'node:timers/promises';
import type { PackageType } from '#engine/model/package.ts';
import { ECOSYSTEMS } from '../matchers/language-names.ts';
import type { VulnerabilityIndex } from '../types.ts';
import { type KeyChange, mergeStreams } from './merge-streams.ts';

/** Keys of one family, as `ContentHash.key` writes them. */
export interface KeyChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** What differs between two builds, by family. Its size follows what changed. */
export interface IndexDelta {
  /** `pkg/deb/openssl@debian@12`: records of a package name under one operating system ('' = none). */
  packages: KeyChanges;
  /** `cpe/vendor/product`. */
  products: KeyChanges;
  /** `os/debian`: releases and aliases of a distribution; `os/*`: rules that concern every package. */
  systems: KeyChanges;
  /** `ecosystem/python`: an ecosystem that has records in one of the builds alone. */
  ecosystems: KeyChanges;
  /** `vuln/provider/id`: severity, texts, links and aliases of a vulnerability. */
  details: KeyChanges;
  /** `kev/cve-…` and `cwe/cve-…`: facts about a CVE that all its records share. */
  facts: KeyChanges;
  /** Names of {@link searchNames} that were touched: packages that have one of them must be matched again. */
  searchNames: Set<string>;
  /** Types of packages of which all must be matched again. */
  packageTypes: Set<PackageType>;
  /** Every package must be matched again. */
  everything: boolean;
}

function noChanges(): KeyChanges {
  return { added: [], changed: [], removed: [] };
}

/**
 * Compares two builds by their content hashes. Lets other work of the process go on in between. Throws
 * `UnorderedStream` when the builds cannot be compared, and the reason of `signal` when it is aborted.
 */
export async function indexDelta(
  from: Pick<VulnerabilityIndex, 'contentHashes'>,
  to: Pick<VulnerabilityIndex, 'contentHashes'>,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<IndexDelta> {
  const delta: IndexDelta = {
    packages: noChanges(),
    products: noChanges(),
    systems: noChanges(),
    ecosystems: noChanges(),
    details: noChanges(),
    facts: noChanges(),
    searchNames: new Set(),
    packageTypes: new Set(),
    everything: false,
  };
  for (const kind of ['match', 'detail'] as const) {
    for (const change of mergeStreams(from.contentHashes(kind), to.contentHashes(kind))) {
      if (change) note(delta, change);
      else await setImmediate();
      options.signal?.throwIfAborted();
    }
  }
  return delta;
}

function note(delta: IndexDelta, { change, key, name }: KeyChange): void {
  const family = key.slice(0, key.indexOf('/'));
  switch (family) {
    case 'pkg':
      delta.packages[change].push(key);
      delta.searchNames.add(name);
      break;
    case 'cpe':
      delta.products[change].push(key);
      delta.searchNames.add(name);
      break;
    case 'os':
      delta.systems[change].push(key);
      delta.searchNames.add(name);
      if (key === 'os/*') delta.everything = true;
      break;
    case 'ecosystem':
      delta.ecosystems[change].push(key);
      // Packages of any type may be looked up by CPE.
      if (name === 'ecosystem/cpe') delta.everything = true;
      for (const type of typesOf(name.slice('ecosystem/'.length))) delta.packageTypes.add(type);
      break;
    case 'vuln':
      delta.details[change].push(key);
      break;
    default:
      delta.facts[change].push(key);
  }
}

/** Package types whose coverage depends on whether an ecosystem has records. */
function typesOf(ecosystem: string): PackageType[] {
  const types = Object.entries(ECOSYSTEMS) as [PackageType, string][];
  return types.flatMap(([type, name]) => (name === ecosystem ? type : []));
}

/** Does nothing that decides matches differ? */
export function matchesAlike(delta: IndexDelta): boolean {
  return !delta.everything && delta.searchNames.size === 0 && delta.packageTypes.size === 0;
}
