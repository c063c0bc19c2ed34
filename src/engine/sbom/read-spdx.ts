import { type Json, objectsOf } from '#shared/json-object.ts';
import { packageId } from '../analyzers/package-id.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Package, Relationship } from '../model/package.ts';
import { text, texts } from './fields.ts';
import { packageName, packageTypeOf, parsePurl } from './parse-purl.ts';
import { distroFromPurls, withEpoch } from './read-cyclonedx.ts';
import { upstreamQualifier } from './read-native.ts';

const DEPENDENCY: Record<string, 'forward' | 'backward'> = { DEPENDENCY_OF: 'forward', DEPENDS_ON: 'backward' };

/** Reads an SPDX 2.2 or 2.3 JSON document. Packages without a purl keep their name and version. */
export function readSpdx(document: Json): Omit<Analysis, 'analyzerVersion' | 'schema'> {
  const rows = objectsOf(document.packages);
  const described = new Set([
    ...texts(document.documentDescribes),
    ...objectsOf(document.relationships)
      .filter((relation) => relation.relationshipType === 'DESCRIBES' && relation.spdxElementId === 'SPDXRef-DOCUMENT')
      .flatMap((relation) => text(relation.relatedSpdxElement) ?? []),
  ]);
  const distro = distroFromPurls(rows.map((row) => ({ purl: reference(row, 'purl')[0] })));
  const ids = new Map<string, string>();
  const packages = new Map<string, Package>();
  for (const row of rows) {
    const spdxId = text(row.SPDXID) ?? '';
    const purlText = reference(row, 'purl')[0];
    // What the document describes is the image, not a package in it, unless a purl says otherwise.
    if (described.has(spdxId) && (!purlText || purlText.startsWith('pkg:oci/'))) continue;
    const purl = purlText ? parsePurl(purlText) : undefined;
    const name = purl ? packageName(purl) : text(row.name);
    if (!name) continue;
    const type = packageTypeOf(purl);
    const version = text(row.versionInfo) ?? purl?.version ?? '';
    const license = text(row.licenseDeclared);
    const pkg: Omit<Package, 'id'> = {
      type,
      name,
      version: type === 'rpm' ? withEpoch(version, purl?.qualifiers.epoch) : version,
      ...(purl?.qualifiers.arch ? { arch: purl.qualifiers.arch } : {}),
      ...(purlText ? { purl: purlText } : {}),
      cpes: reference(row, 'cpe23Type'),
      licenses:
        license && license !== 'NOASSERTION' && license !== 'NONE' ? [{ value: license, spdxExpression: license }] : [],
      locations: [],
      upstreams: upstreamQualifier(type, purl?.qualifiers.upstream),
      ...((type === 'deb' || type === 'rpm' || type === 'apk') && distro ? { distro } : {}),
      foundBy: 'sbom',
      confidence: 'declared',
      metadata: purl?.type === 'maven' && purl.namespace ? { groupId: purl.namespace, artifactId: purl.name } : {},
    };
    const id = packageId(pkg);
    packages.set(id, { ...pkg, id });
    ids.set(spdxId, id);
  }
  return {
    source: { kind: 'sbom', name: text(document.name) ?? 'sbom' },
    layers: [],
    ...(distro ? { distro } : {}),
    packages: [...packages.values()],
    relationships: objectsOf(document.relationships).flatMap((relation) => edge(relation, ids)),
    problems: [],
  };
}

function reference(row: Json, type: string): string[] {
  return objectsOf(row.externalRefs).flatMap((ref) =>
    ref.referenceType === type ? (text(ref.referenceLocator) ?? []) : [],
  );
}

function edge(relation: Json, ids: Map<string, string>): Relationship[] {
  const direction = DEPENDENCY[text(relation.relationshipType) ?? ''];
  const a = ids.get(text(relation.spdxElementId) ?? '');
  const b = ids.get(text(relation.relatedSpdxElement) ?? '');
  if (!direction || !a || !b) return [];
  return [
    direction === 'forward' ? { from: a, to: b, type: 'dependency-of' } : { from: b, to: a, type: 'dependency-of' },
  ];
}
