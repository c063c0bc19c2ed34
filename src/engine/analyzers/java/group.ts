import type { ArchiveFact } from './archive.ts';
import { knownGroup } from './known-groups.ts';
import { type JarManifest, symbolicName } from './manifest.ts';

/** Groups under which the poms of an image name an artifact, by artifactId. */
export type GroupMentions = ReadonlyMap<string, ReadonlySet<string>>;

/** Collects what all poms in an image name: their own coordinates and their dependencies. */
export function groupMentions(facts: Iterable<ArchiveFact>): GroupMentions {
  const groups = new Map<string, Set<string>>();
  const add = (group: string, artifact: string) => {
    const known = groups.get(artifact);
    if (known) known.add(group);
    else groups.set(artifact, new Set([group]));
  };
  const visit = (fact: ArchiveFact) => {
    for (const pom of fact.poms) add(pom.groupId, pom.artifactId);
    for (const xml of fact.pomXmls) {
      for (const name of xml.mentions) {
        const colon = name.indexOf(':');
        add(name.slice(0, colon), name.slice(colon + 1));
      }
    }
    fact.nested.forEach(visit);
  };
  for (const fact of facts) visit(fact);
  return groups;
}

const REVERSED_DOMAIN = /^[A-Za-z][\w-]*(\.[\w-]+)+$/;

/**
 * Best guess at the groupId of an archive that has no pom: what the image's other poms call this artifact when they
 * agree, a well-known group, a bundle's name that ends with the artifact, a vendor id, the package of its classes, a
 * name in its manifest, and last the artifactId itself, as old artifacts were published.
 */
export function guessGroup(
  fact: Pick<ArchiveFact, 'manifest' | 'classDirectory'>,
  artifactId: string,
  version: string,
  mentions: GroupMentions,
): string {
  const mentioned = mentions.get(artifactId);
  if (mentioned?.size === 1) return [...mentioned][0] ?? '';
  return (
    knownGroup(artifactId, version) ??
    manifestGroup(fact.manifest, artifactId) ??
    classGroup(fact.classDirectory) ??
    nameGroup(fact.manifest) ??
    (version === '' ? '' : artifactId)
  );
}

/** A group that the manifest states, or the part of a bundle's name before the artifact. */
function manifestGroup(manifest: JarManifest | undefined, artifactId: string): string | undefined {
  if (manifest === undefined) return undefined;
  const { main } = manifest;
  for (const attribute of ['Group-Id', 'Bundle-GroupId']) {
    const value = main[attribute]?.trim();
    if (value !== undefined && REVERSED_DOMAIN.test(value)) return value;
  }
  for (const value of [symbolicName(manifest), main['Automatic-Module-Name'], main['Extension-Name']]) {
    if (value?.endsWith(`.${artifactId}`) && REVERSED_DOMAIN.test(value)) return value.slice(0, -artifactId.length - 1);
  }
  const vendor = main['Implementation-Vendor-Id']?.trim();
  // A vendor id of two parts is the vendor's domain, under which groups differ.
  return vendor !== undefined && /^[A-Za-z][\w-]*(\.[\w-]+){2,}$/.test(vendor) ? vendor : undefined;
}

/** Reversed domain at the start of the package of the classes: three parts where many projects share a domain. */
function classGroup(directory: string | undefined): string | undefined {
  const parts = directory?.split('/') ?? [];
  if (
    parts.length < 2 ||
    !/^(com|org|net|io|edu|gov|dev|de|fr|uk|ru|cn|jp|eu|us|ch|it|me|info|biz|at|nl|be|se|pl|cz)$/.test(parts[0] ?? '')
  )
    return undefined;
  const isShared = /^(apache|github|eclipse|codehaus|sourceforge|google|sun|java|springframework|jboss)$/.test(
    parts[1] ?? '',
  );
  return parts.slice(0, isShared ? 3 : 2).join('.');
}

function nameGroup(manifest: JarManifest | undefined): string | undefined {
  const main = manifest?.main ?? {};
  for (const value of [
    main['Implementation-Vendor-Id'],
    manifest === undefined ? undefined : symbolicName(manifest),
    main['Automatic-Module-Name'],
    main['Main-Class'],
    main['Extension-Name'],
  ]) {
    if (value === undefined || !REVERSED_DOMAIN.test(value.trim())) continue;
    const parts = value
      .trim()
      .split('.')
      .filter((part) => /^[a-z][\w-]*$/.test(part));
    if (parts.length >= 2) return parts.slice(0, 3).join('.');
  }
  return undefined;
}
