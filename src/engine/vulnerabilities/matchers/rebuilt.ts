import type { MatchablePackage } from '../types.ts';
import type { Assessment, MatchContext, Search } from './context.ts';
import { emptyAssessment } from './context.ts';
import { addVulnerable, assessDistro, systemsOf } from './distro-search.ts';

/**
 * Root IO rebuilds packages of others with fixes put in: under a name of its own (`rootio-openssl`, `@rootio/semver`,
 * group `io.root.…`), or under the old name with a mark in the version. Flaws are recorded under the plain name, its
 * "not affected" records under its own: such packages are searched by both.
 */
export function isRebuilt(pkg: Pick<MatchablePackage, 'type' | 'name' | 'version' | 'metadata' | 'purl'>): boolean {
  const { name, version } = pkg;
  switch (pkg.type) {
    case 'npm':
      return name.startsWith('@rootio/') || name.startsWith('rootio-') || version.includes('-root.io.');
    case 'python':
      return /^rootio[-_]/i.test(name) || version.includes('+root.io.');
    case 'deb':
      return name.startsWith('rootio-') || version.includes('.root.io.');
    case 'apk':
      // Its builds count from a release of five digits: `-r10071` is the first release, build 71.
      return name.startsWith('rootio-') || /-r[0-9]{5,}$/.test(version);
    case 'java-archive':
      return name.startsWith('io.root.') || /^pkg:maven\/io\.root\./.test(pkg.purl ?? '') || groups(pkg.metadata);
    default:
      return name.startsWith('rootio-');
  }
}

function groups(metadata: Record<string, unknown> | undefined): boolean {
  if (!metadata) return false;
  const of = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return '';
    const { groupId, groupID, pomGroupID } = value as Record<string, unknown>;
    return String(groupId ?? groupID ?? pomGroupID ?? '');
  };
  return [metadata, metadata.pomProperties, metadata.pomProject].some((part) => of(part).startsWith('io.root.'));
}

/** The plain name and the rebuilder's own name of a package, as records write them. */
export function bothNames(type: MatchablePackage['type'], name: string): string[] {
  return [...new Set([name, plainName(type, name), ownName(type, name)])];
}

function plainName(type: MatchablePackage['type'], name: string): string {
  if (type === 'java-archive') return name.replace(/^io\.root\./, '');
  if (type !== 'npm' || !name.startsWith('@rootio/')) return name.replace(/^rootio[-_]/, '');
  const bare = name.slice('@rootio/'.length);
  const scope = bare.indexOf('__');
  return scope > 0 ? `@${bare.slice(0, scope)}/${bare.slice(scope + 2)}` : bare;
}

function ownName(type: MatchablePackage['type'], name: string): string {
  if (type === 'java-archive') return name.startsWith('io.root.') ? name : `io.root.${name}`;
  if (type === 'npm') {
    if (name.startsWith('@rootio/')) return name;
    return `@rootio/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;
  }
  return /^rootio[-_]/.test(name) ? name : `rootio-${name}`;
}

/** Names to search by when the package is a rebuild; undefined for all others. */
export function rebuiltNames(pkg: MatchablePackage, name: string): string[] | undefined {
  return isRebuilt(pkg) ? bothNames(pkg.type, name) : undefined;
}

/** Holds a search under several names; what one name's records say to be unaffected counts for all. */
export function assessNames(
  context: MatchContext,
  ecosystem: string,
  search: Search,
  names: readonly string[],
): Assessment {
  const all = emptyAssessment();
  for (const name of names) assessDistro(context, ecosystem, { ...search, name }, systemsOf(context), all);
  return all;
}

/** The generic rule under several names. */
export function matchRebuilt(context: MatchContext, ecosystem: string, search: Search, names: readonly string[]): void {
  addVulnerable(context, search, assessNames(context, ecosystem, search, names));
}
