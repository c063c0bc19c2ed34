/** `META-INF/maven/<group>/<artifact>/pom.properties`, written by Maven's archiver. */
export interface PomProperties {
  /** Path in the archive. */
  path: string;
  groupId: string;
  artifactId: string;
  version: string;
  name?: string;
}

/** Value of a Java properties file after `java.util.Properties`: escapes and `=`, `:` or blank as separator. */
function properties(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const raw of text.replace(/\\\r?\n[ \t]*/g, '').split(/\r?\n|\r/)) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    const match = /^((?:\\.|[^\s=:\\])+)\s*[=:\s]\s*(.*)$/.exec(line);
    const [, key, value] = match ?? [];
    if (key !== undefined && value !== undefined) out.set(unescapeProperty(key), unescapeProperty(value).trim());
    if (out.size > 1000) break;
  }
  return out;
}

function unescapeProperty(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) =>
    code.length === 5
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : ({ n: '\n', t: '\t', r: '\r' }[code] ?? code),
  );
}

/** A resolved coordinate: not empty, and no `${…}` left in it. */
export function isResolved(text: string | undefined): text is string {
  return text !== undefined && text !== '' && !text.includes('${') && text.length <= 512;
}

/** Reads a pom.properties; undefined without artifact and version. The group falls back to the path in the archive. */
export function readPomProperties(bytes: Uint8Array, path: string): PomProperties | undefined {
  const values = properties(new TextDecoder('latin1').decode(bytes));
  const [, pathGroup, pathArtifact] = /META-INF\/maven\/([^/]+)\/([^/]+)\/pom\.properties$/.exec(path) ?? [];
  const groupId = [values.get('groupId'), pathGroup].find(isResolved) ?? '';
  const artifactId = [values.get('artifactId'), pathArtifact].find(isResolved);
  const version = values.get('version');
  if (artifactId === undefined || !isResolved(version)) return undefined;
  const name = values.get('name');
  return { path, groupId, artifactId, version, ...(isResolved(name) ? { name } : {}) };
}
