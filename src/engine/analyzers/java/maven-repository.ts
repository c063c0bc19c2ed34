import type { FileTree } from '../../image/types.ts';

/** Coordinates told by a place in a local Maven repository. */
export interface RepositoryCoordinates {
  groupId: string;
  artifactId: string;
  version: string;
}

const ROOT = /\/(?:maven-repo|\.m2\/repository)\/(.+)\/([^/]+)\/([^/]+)\/([^/]+)\.jar$/;

/** Coordinates of a path `<repository>/<group as path>/<artifact>/<version>/<artifact>-<version>.jar`. */
export function repositoryCoordinates(path: string): RepositoryCoordinates | undefined {
  const [, group, artifactId, version, stem] = ROOT.exec(path) ?? [];
  if (group === undefined || artifactId === undefined || version === undefined) return undefined;
  if (stem !== `${artifactId}-${version}`) return undefined;
  return { groupId: group.replaceAll('/', '.'), artifactId, version };
}

/** Distributions link one archive under its version and under names for build tools: `debian`, `2.x`. */
function isVersion(version: string): boolean {
  return /^v?\d/.test(version) && !/(^|\.)x$/i.test(version);
}

/**
 * Coordinates of archives by real path, for every archive that lies in a local Maven repository or is linked from one
 * (Debian keeps archives in /usr/share/java and links to them from /usr/share/maven-repo).
 */
export function repositoryIndex(tree: FileTree): Map<string, RepositoryCoordinates> {
  const byPath = new Map<string, RepositoryCoordinates>();
  for (const path of tree.paths?.() ?? Iterator.from(tree.nodes()).map((node) => node.path)) {
    if (!path.endsWith('.jar')) continue;
    const coordinates = repositoryCoordinates(path);
    if (coordinates === undefined || !isVersion(coordinates.version)) continue;
    const real = tree.realPath(path);
    if (real !== undefined && !byPath.has(real)) byPath.set(real, coordinates);
  }
  return byPath;
}
