import type { ArchiveFact } from './archive.ts';
import { type ArchiveFileName, readArchiveFileName } from './file-name.ts';
import { type GroupMentions, guessGroup } from './group.ts';
import { knownGroup } from './known-groups.ts';
import { type JarManifest, symbolicName } from './manifest.ts';
import type { PomProperties } from './pom-properties.ts';
import type { PomXml } from './pom-xml.ts';

/** Name of an archive, and what told it. */
export interface ArchiveIdentity {
  /** A bundle's own name (OSGi symbolic name) when no pom names the archive; else the artifactId. */
  name: string;
  groupId: string;
  artifactId: string;
  version: string;
  by: 'pom.properties' | 'pom.xml' | 'maven-repository' | 'manifest' | 'file-name' | 'none';
  /** The pom that names the archive itself. */
  pom?: PomProperties;
  pomXml?: PomXml;
}

/** Attributes that carry a version, best first. */
const VERSION_ATTRIBUTES = ['Implementation-Version', 'Specification-Version', 'Plugin-Version', 'Bundle-Version'];

/** How well an artifactId fits the file name: 2 exact, 1 the name starts with it, 0 not at all. */
function closeness(artifactId: string, file: ArchiveFileName): number {
  if (file.name === artifactId || file.stem === artifactId) return 2;
  return file.stem.startsWith(artifactId) && /^[-_.]/.test(file.stem.slice(artifactId.length)) ? 1 : 0;
}

function best<T extends { artifactId: string }>(rows: readonly T[], file: ArchiveFileName): T | undefined {
  const ranked = rows
    .map((row) => ({ row, rank: closeness(row.artifactId, file) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || b.row.artifactId.length - a.row.artifactId.length);
  return ranked[0]?.row;
}

/** A version attribute of the main section, then of the others. Words without a digit are no versions. */
function manifestVersion(manifest: JarManifest): string | undefined {
  for (const section of [manifest.main, ...manifest.sections]) {
    for (const attribute of VERSION_ATTRIBUTES) {
      const value = section[attribute]?.trim();
      if (value !== undefined && /\d/.test(value) && !value.includes('${')) return value.split(/[\s"]/, 1)[0];
    }
  }
  return undefined;
}

function manifestName(manifest: JarManifest): string | undefined {
  const { main } = manifest;
  const plugin = main['Short-Name'] ?? main['Extension-Name'];
  if (plugin !== undefined && /^[\w.-]+$/.test(plugin)) return plugin;
  const symbolic = symbolicName(manifest);
  if (symbolic !== undefined && /^[\w.-]+$/.test(symbolic)) return symbolic;
  const title = main['Implementation-Title'] ?? main['Specification-Title'] ?? main['Bundle-Name'];
  return title !== undefined && title !== '' && !title.includes('${') ? title : undefined;
}

/**
 * Who an archive is, by the best evidence it has: the pom.properties that fits its file name, its only
 * pom.properties, its only pom.xml, its manifest when a bundle tool wrote it, its file name, any manifest.
 */
export function identifyArchive(
  fact: ArchiveFact,
  fileName: string,
  mentions: GroupMentions = new Map(),
): ArchiveIdentity {
  const identity = coordinatesOf(fact, fileName, mentions);
  const bundle = fact.manifest === undefined ? undefined : symbolicName(fact.manifest);
  const isPom = identity.by === 'pom.properties' || identity.by === 'pom.xml';
  if (
    isPom ||
    identity.version === '' ||
    bundle === undefined ||
    !/^[\w.-]+$/.test(bundle) ||
    isPlugin(fact.manifest)
  ) {
    return { name: identity.artifactId, ...identity };
  }
  return { ...identity, name: bundle, by: 'manifest' };
}

/** True for a Jenkins plug-in's manifest. */
function isPlugin(manifest: JarManifest | undefined): boolean {
  return manifest?.main['Plugin-Version'] !== undefined && manifest.main['Short-Name'] !== undefined;
}

function coordinatesOf(fact: ArchiveFact, fileName: string, mentions: GroupMentions): Omit<ArchiveIdentity, 'name'> {
  const file = readArchiveFileName(fileName);
  const distinct = [
    ...new Map(fact.poms.map((pom) => [`${pom.groupId}:${pom.artifactId}:${pom.version}`, pom])).values(),
  ];
  const pom = best(distinct, file) ?? (distinct.length === 1 ? distinct[0] : undefined);
  if (pom !== undefined) {
    const pomXml = fact.pomXmls.find(
      (xml) => xml.artifactId === pom.artifactId && (xml.groupId ?? pom.groupId) === pom.groupId,
    );
    return { ...coordinates(pom), by: 'pom.properties', pom, ...(pomXml === undefined ? {} : { pomXml }) };
  }
  const { manifest } = fact;
  const told = manifest === undefined ? undefined : manifestVersion(manifest);
  if (distinct.length === 0) {
    const pomXml = best(fact.pomXmls, file) ?? (fact.pomXmls.length === 1 ? fact.pomXmls[0] : undefined);
    const version = pomXml?.version ?? file.version ?? told;
    if (pomXml !== undefined && version !== undefined) {
      const groupId = pomXml.groupId ?? guessGroup(fact, pomXml.artifactId, version, mentions);
      return { groupId, artifactId: pomXml.artifactId, version, by: 'pom.xml', pomXml };
    }
  }
  const version = file.version ?? told ?? '';
  const name = manifest === undefined ? undefined : manifestName(manifest);
  if (manifest !== undefined && isPlugin(manifest) && name !== undefined) {
    const pluginVersion = manifest.main['Plugin-Version']?.split(' ', 1)[0];
    return {
      groupId: manifest.main['Group-Id'] ?? 'org.jenkins-ci.plugins',
      artifactId: name,
      version: pluginVersion ?? version,
      by: 'manifest',
    };
  }
  if (file.version === undefined && name !== undefined && told !== undefined) {
    const artifactId = bundleArtifact(manifest, name, file);
    return { groupId: guessGroup(fact, artifactId, version, mentions), artifactId, version, by: 'manifest' };
  }
  return {
    groupId: guessGroup(fact, file.name, version, mentions),
    artifactId: file.name,
    version,
    by: version === '' ? 'none' : 'file-name',
  };
}

/** A symbolic name that ends with the file's name is the group and that name; other names with blanks give way to the file's. */
function bundleArtifact(manifest: JarManifest | undefined, name: string, file: ArchiveFileName): string {
  if (name === file.name || name.endsWith(`.${file.name}`) || /\s/.test(name)) return file.name;
  const bundle = manifest === undefined ? undefined : symbolicName(manifest);
  if (name !== bundle) return name;
  return knownGroup(file.name) === undefined ? name : file.name;
}

function coordinates(pom: PomProperties): Pick<ArchiveIdentity, 'groupId' | 'artifactId' | 'version'> {
  return { groupId: pom.groupId, artifactId: pom.artifactId, version: pom.version };
}

/** Poms of other artifacts packed into the archive (shaded), each coordinate once. */
export function bundledPoms(fact: ArchiveFact, own: PomProperties | undefined): PomProperties[] {
  const byCoordinate = new Map<string, PomProperties>();
  for (const pom of fact.poms) byCoordinate.set(`${pom.groupId}:${pom.artifactId}:${pom.version}`, pom);
  if (own !== undefined) byCoordinate.delete(`${own.groupId}:${own.artifactId}:${own.version}`);
  return [...byCoordinate.values()];
}
