import { type Json, objectOf, objectsOf } from '#shared/json-object.ts';
import { packageId } from '../analyzers/package-id.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Distro } from '../model/distro.ts';
import type { Package, PackageType, Relationship } from '../model/package.ts';
import { text } from './fields.ts';
import { packageName, packageTypeOf, parsePurl } from './parse-purl.ts';
import { upstreamQualifier } from './read-native.ts';

/** Most components are flat; deeper trees than this are cut. */
const MAX_DEPTH = 32;

/** Reads a CycloneDX JSON document (1.0 to 1.7). Components without purl keep their name, version and cpe. */
export function readCyclonedx(document: Json): Omit<Analysis, 'analyzerVersion' | 'schema'> {
  const components: Json[] = [];
  flatten(document.components, components, 0);
  const distro = readDistro(components);
  const byRef = new Map<string, string>();
  const packages = new Map<string, Package>();
  for (const component of components) {
    if (component.type === 'operating-system' || component.type === 'file') continue;
    const pkg = readComponent(component, distro);
    if (!pkg) continue;
    packages.set(pkg.id, pkg);
    const ref = text(component['bom-ref']);
    if (ref) byRef.set(ref, pkg.id);
  }
  const relationships = objectsOf(document.dependencies).flatMap((dependency): Relationship[] => {
    const to = byRef.get(text(dependency.ref) ?? '');
    if (!to || !Array.isArray(dependency.dependsOn)) return [];
    return dependency.dependsOn.flatMap((ref) => {
      const from = byRef.get(String(ref));
      return from && from !== to ? [{ from, to, type: 'dependency-of' as const }] : [];
    });
  });
  const root = objectOf(objectOf(document.metadata)?.component);
  return {
    source: { kind: 'sbom', name: text(root?.name) ?? 'sbom' },
    layers: [],
    ...(distro ? { distro } : {}),
    packages: [...packages.values()],
    relationships,
    problems: [],
  };
}

function flatten(value: unknown, into: Json[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const component of objectsOf(value)) {
    into.push(component);
    flatten(component.components, into, depth + 1);
  }
}

function properties(component: Json): Map<string, string> {
  return new Map(
    objectsOf(component.properties).flatMap((property) => {
      const [name, value] = [text(property.name), text(property.value)];
      return name && value ? [[name, value] as const] : [];
    }),
  );
}

function readDistro(components: Json[]): Distro | undefined {
  const os = components.find((component) => component.type === 'operating-system');
  if (!os) return distroFromPurls(components);
  const known = properties(os);
  const id = known.get('syft:distro:id') ?? text(os.name)?.toLowerCase();
  if (!id) return undefined;
  const versionId = known.get('syft:distro:versionID') ?? text(os.version);
  const codename = known.get('syft:distro:versionCodename');
  return {
    id,
    ...(versionId ? { versionId } : {}),
    ...(codename ? { codename } : {}),
    idLike: [...known].filter(([name]) => name.startsWith('syft:distro:idLike')).map(([, value]) => value),
    evidence: 'sbom',
  };
}

/** Without an operating-system component the `distro` qualifier of OS packages tells: `debian-12`. */
export function distroFromPurls(components: Json[]): Distro | undefined {
  for (const component of components) {
    const purl = parsePurl(text(component.purl) ?? '');
    const parts = /^([a-z0-9_.]+?)-(\d[\w.]*)$/i.exec(purl?.qualifiers.distro ?? '');
    if (parts) return { id: parts[1]!.toLowerCase(), versionId: parts[2]!, idLike: [], evidence: 'sbom' };
  }
  return undefined;
}

function readComponent(component: Json, distro: Distro | undefined): Package | undefined {
  const purlText = text(component.purl);
  const purl = purlText ? parsePurl(purlText) : undefined;
  const known = properties(component);
  const type = (known.get('syft:package:type') ?? packageTypeOf(purl)) as PackageType;
  const name = purl ? packageName(purl) : text(component.name);
  if (!name) return undefined;
  const group = text(component.group) ?? (purl?.type === 'maven' ? purl.namespace : undefined);
  const isOs = type === 'deb' || type === 'rpm' || type === 'apk';
  const version = text(component.version) ?? purl?.version ?? '';
  const cpe = text(component.cpe);
  const pkg: Omit<Package, 'id'> = {
    type,
    name,
    version: type === 'rpm' ? withEpoch(version, purl?.qualifiers.epoch) : version,
    ...(purl?.qualifiers.arch ? { arch: purl.qualifiers.arch } : {}),
    ...(purlText ? { purl: purlText } : {}),
    cpes: [
      ...(cpe ? [cpe] : []),
      ...objectsOf(component.properties).flatMap((p) => (p.name === 'syft:cpe23' ? (text(p.value) ?? []) : [])),
    ],
    licenses: readLicenses(component.licenses),
    locations: [...known]
      .filter(([key]) => /^syft:location:\d+:path$/.test(key))
      .map(([, path]) => ({ path, evidence: 'primary' as const })),
    upstreams: upstreamQualifier(type, purl?.qualifiers.upstream),
    ...(isOs && distro ? { distro } : {}),
    foundBy: 'sbom',
    confidence: 'declared',
    metadata: group && purl?.type === 'maven' ? { groupId: group, artifactId: purl.name } : {},
  };
  return { ...pkg, id: packageId(pkg) };
}

/** rpm purls carry the epoch apart. */
export function withEpoch(version: string, epoch: string | undefined): string {
  return epoch && !version.includes(':') ? `${epoch}:${version}` : version;
}

function readLicenses(value: unknown): Package['licenses'] {
  return objectsOf(value).flatMap((entry) => {
    const license = objectOf(entry.license);
    const spdxExpression = text(entry.expression) ?? text(license?.id);
    const stated = spdxExpression ?? text(license?.name);
    return stated ? [{ value: stated, ...(spdxExpression ? { spdxExpression } : {}) }] : [];
  });
}
