import { XMLParser } from 'fast-xml-parser';
import { objectsOf } from '#shared/json-object.ts';
import { fields, text } from './fields.ts';
import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

/** `gradle.lockfile` and `buildscript-gradle.lockfile`: `group:artifact:version=configurations`. */
function readGradleLock(source: string): Declaration {
  const packages = source.split(/\r?\n/).flatMap((line): DeclaredPackage[] => {
    const [, group, name, version, configurations] = /^([^#\s:=]+):([^\s:=]+):([^\s:=]+)=(.*)$/.exec(line) ?? [];
    if (!group || !name || !version) return [];
    const used = (configurations ?? '').split(',').filter((one) => one !== '');
    return [{ group, name, version, development: used.length > 0 && used.every((one) => /test/i.test(one)) }];
  });
  return { packages };
}

function parseXml(source: string): unknown {
  return new XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    processEntities: false,
    trimValues: true,
  }).parse(source);
}

function list(value: unknown): Record<string, unknown>[] {
  return objectsOf(Array.isArray(value) ? value : [value]);
}

/**
 * `pom.xml` (Maven POM 4.0.0): dependencies whose version the file itself tells, by properties and managed versions. What a parent
 * or an imported list would tell is counted: nothing is fetched.
 */
function readPom(source: string): Declaration {
  const project = fields(fields(parseXml(source)).project);
  if (Object.keys(project).length === 0) throw new SyntaxError('no project');
  const parent = fields(project.parent);
  const properties = fields(project.properties);
  const own: Record<string, string | undefined> = {
    'project.version': text(project.version) ?? text(parent.version),
    'project.groupId': text(project.groupId) ?? text(parent.groupId),
    'project.parent.version': text(parent.version),
    'project.parent.groupId': text(parent.groupId),
  };
  const resolve = (value: unknown): string | undefined => {
    let found = text(value);
    for (let rounds = 0; found?.includes('${') && rounds < 6; rounds++)
      found = found
        .replace(
          /\$\{([^}]{1,200})\}/g,
          (whole, key: string) => own[key.replace(/^pom\./, 'project.')] ?? text(properties[key]) ?? whole,
        )
        .slice(0, 1024);
    return found?.includes('${') ? undefined : found;
  };
  const managed = new Map<string, string>();
  for (const row of list(fields(fields(project.dependencyManagement).dependencies).dependency)) {
    const version = resolve(row.version);
    if (version) managed.set(`${resolve(row.groupId)}:${resolve(row.artifactId)}`, version);
  }
  const packages: DeclaredPackage[] = [];
  let open = 0;
  for (const row of list(fields(project.dependencies).dependency)) {
    const group = resolve(row.groupId);
    const name = resolve(row.artifactId);
    const version = resolve(row.version) ?? managed.get(`${group}:${name}`);
    const scope = text(row.scope);
    if (!group || !name || !version || /[[\](),]/.test(version)) open++;
    else packages.push({ group, name, version, development: scope === 'test' || scope === 'provided' });
  }
  return { packages, open };
}

/** Artifacts of Maven repositories. */
export const JAVA_MANIFESTS: readonly ManifestKind[] = [
  { name: 'gradle-lock', type: 'java-archive', file: /^(buildscript-)?gradle\.lockfile$/, read: readGradleLock },
  { name: 'maven-pom', type: 'java-archive', file: /^pom\.xml$/, read: readPom },
];
