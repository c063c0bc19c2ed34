import { XMLParser } from 'fast-xml-parser';
import { isResolved } from './pom-properties.ts';

/** What is kept of a pom.xml found inside an archive (Maven POM 4.0.0). */
export interface PomXml {
  path: string;
  groupId?: string;
  artifactId: string;
  version?: string;
  licenses: string[];
  url?: string;
  /** Organisation or first developer. */
  origin?: string;
  /** `group:artifact` of run-time dependencies. */
  dependencies: string[];
  /** `group:artifact` of everything that it names: dependencies of any scope, managed dependencies. */
  mentions: string[];
}

const MOST_DEPENDENCIES = 1000;

type Node = Record<string, unknown>;

function child(node: unknown, name: string): unknown {
  const value = typeof node === 'object' && node !== null ? (node as Node)[name] : undefined;
  return Array.isArray(value) ? value[0] : value;
}

function children(node: unknown, name: string): unknown[] {
  const value = typeof node === 'object' && node !== null ? (node as Node)[name] : undefined;
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function textOf(node: unknown, name: string): string | undefined {
  const value = child(node, name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 512) : undefined;
}

/** Text of a pom in the encoding that its declaration names: UTF-8 unless it says Latin-1 or ASCII. */
function decode(bytes: Uint8Array): string {
  const declaration = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1');
  return new TextDecoder(
    /encoding\s*=\s*["'](iso-8859-|latin|us-ascii|windows-1252)/i.test(declaration) ? 'latin1' : 'utf-8',
  ).decode(bytes);
}

/**
 * Reads a pom.xml: coordinates with the parent's as fallback, `${…}` resolved from its own properties and
 * coordinates. No other file is consulted, entities are not expanded. Undefined when it is not a pom.
 */
export function readPomXml(bytes: Uint8Array, path: string): PomXml | undefined {
  let project: unknown;
  try {
    const parser = new XMLParser({
      ignoreAttributes: true,
      parseTagValue: false,
      processEntities: false,
      trimValues: true,
    });
    project = child(parser.parse(decode(bytes)), 'project');
  } catch {
    return undefined;
  }
  const parent = child(project, 'parent');
  const own = (name: string) => textOf(project, name);
  const values = new Map<string, string | undefined>([
    ['project.artifactId', own('artifactId')],
    ['project.groupId', own('groupId') ?? textOf(parent, 'groupId')],
    ['project.version', own('version') ?? textOf(parent, 'version')],
    ['project.parent.version', textOf(parent, 'version')],
    ['project.parent.groupId', textOf(parent, 'groupId')],
  ]);
  const propertyNode = child(project, 'properties');
  const resolve = (text: string | undefined, depth = 0): string | undefined =>
    text?.replace(/\$\{([^}]{1,200})\}/g, (whole, key: string) => {
      const value =
        values.get(key.replace(/^pom\./, 'project.')) ?? values.get(`project.${key}`) ?? textOf(propertyNode, key);
      if (value === undefined || depth > 5) return whole;
      return (resolve(value, depth + 1) ?? whole).slice(0, 512);
    });
  const artifactId = resolve(own('artifactId'));
  if (!isResolved(artifactId)) return undefined;
  const pom: PomXml = { path, artifactId, licenses: [], dependencies: [], mentions: [] };
  const groupId = resolve(values.get('project.groupId'));
  if (isResolved(groupId)) pom.groupId = groupId;
  const version = resolve(values.get('project.version'));
  if (isResolved(version)) pom.version = version;
  for (const license of children(child(project, 'licenses'), 'license').slice(0, 20)) {
    const name = textOf(license, 'name') ?? textOf(license, 'url');
    if (name !== undefined) pom.licenses.push(name);
  }
  const url = own('url');
  if (isResolved(url)) pom.url = url;
  const origin =
    textOf(child(project, 'organization'), 'name') ?? textOf(child(child(project, 'developers'), 'developer'), 'name');
  if (origin !== undefined) pom.origin = origin;
  const managed = children(child(child(project, 'dependencyManagement'), 'dependencies'), 'dependency');
  const mentions = new Set<string>();
  for (const dependency of managed.slice(0, MOST_DEPENDENCIES)) {
    const name = coordinate(dependency, resolve);
    if (name !== undefined) mentions.add(name);
  }
  for (const dependency of children(child(project, 'dependencies'), 'dependency').slice(0, MOST_DEPENDENCIES)) {
    const name = coordinate(dependency, resolve);
    if (name === undefined) continue;
    mentions.add(name);
    const scope = textOf(dependency, 'scope') ?? 'compile';
    if ((scope !== 'compile' && scope !== 'runtime') || textOf(dependency, 'optional') === 'true') continue;
    pom.dependencies.push(name);
  }
  pom.mentions = [...mentions];
  return pom;
}

/** `group:artifact` of a dependency; undefined when a part does not reduce to a name. */
function coordinate(
  dependency: unknown,
  resolve: (text: string | undefined) => string | undefined,
): string | undefined {
  const group = resolve(textOf(dependency, 'groupId'));
  const artifact = resolve(textOf(dependency, 'artifactId'));
  return isResolved(group) && isResolved(artifact) ? `${group}:${artifact}` : undefined;
}
