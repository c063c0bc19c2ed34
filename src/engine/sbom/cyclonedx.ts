import type { Analysis } from '../model/analysis.ts';
import { OS_PACKAGE_TYPES, type Package } from '../model/package.ts';
import { documentId, type SbomOptions, sbomTime } from './spdx.ts';

/** Version of the CycloneDX specification that is written. */
export const CYCLONEDX_VERSION = '1.6';

/** An analysis as a CycloneDX 1.6 JSON document (cyclonedx.org/docs/1.6). */
export function cyclonedxSbom(analysis: Analysis, options: SbomOptions = {}) {
  const root = rootComponent(analysis);
  const refs = bomRefs(analysis.packages);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: CYCLONEDX_VERSION,
    serialNumber: `urn:uuid:${uuidOf(documentId(analysis))}`,
    version: 1,
    metadata: {
      timestamp: sbomTime(analysis, options),
      tools: {
        components: [{ type: 'application', group: 'windlass', name: 'windlass', version: analysis.analyzerVersion }],
      },
      component: root,
    },
    components: [...analysis.packages.map((pkg) => component(pkg, refs.get(pkg.id)!)), ...operatingSystem(analysis)],
    dependencies: dependencies(analysis, refs, root['bom-ref']),
  };
}

/** The component that the document is about. */
export function rootComponent(analysis: Analysis) {
  const { image } = analysis;
  return {
    'bom-ref': image?.manifestDigest ?? `source:${analysis.source.name}`,
    type: analysis.source.kind === 'image' ? 'container' : 'file',
    name: analysis.source.name,
    ...(image ? { version: image.manifestDigest } : {}),
  };
}

/** `bom-ref` of every package: its purl made unique by the package id, else the id alone. */
export function bomRefs(packages: Package[]): Map<string, string> {
  return new Map(
    packages.map((pkg) => {
      if (!pkg.purl) return [pkg.id, pkg.id];
      return [pkg.id, `${pkg.purl}${pkg.purl.includes('?') ? '&' : '?'}package-id=${pkg.id}`];
    }),
  );
}

function uuidOf(hex: string): string {
  // Version 8 (custom) with the RFC 9562 variant bits.
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function component(pkg: Package, ref: string) {
  const [cpe, ...furtherCpes] = pkg.cpes;
  const { group, name } = groupAndName(pkg);
  const properties = [
    { name: 'windlass:package:foundBy', value: pkg.foundBy },
    { name: 'syft:package:type', value: pkg.type },
    ...(pkg.metadataType ? [{ name: 'syft:package:metadataType', value: pkg.metadataType }] : []),
    ...furtherCpes.map((value) => ({ name: 'syft:cpe23', value })),
    ...pkg.locations.flatMap((location, index) => [
      ...(location.layer ? [{ name: `syft:location:${index}:layerID`, value: location.layer }] : []),
      { name: `syft:location:${index}:path`, value: location.path },
    ]),
  ];
  return {
    'bom-ref': ref,
    type: pkg.type === 'binary' ? 'application' : 'library',
    ...(pkg.origin && OS_PACKAGE_TYPES.has(pkg.type) ? { publisher: pkg.origin } : {}),
    ...(group ? { group } : {}),
    name,
    ...(pkg.version ? { version: pkg.version } : {}),
    ...(pkg.licenses.length > 0 ? { licenses: licenses(pkg) } : {}),
    ...(cpe ? { cpe } : {}),
    ...(pkg.purl ? { purl: pkg.purl } : {}),
    properties,
  };
}

/** CycloneDX writes Maven groups apart from the name. */
function groupAndName(pkg: Package): { group?: string; name: string } {
  const pom = pkg.metadata.pomProperties as { groupId?: unknown } | undefined;
  const group = pkg.metadata.groupId ?? pom?.groupId;
  return typeof group === 'string' && group !== '' ? { group, name: pkg.name } : { name: pkg.name };
}

/** Either one expression, or a list of single licences: the standard forbids mixing. */
function licenses(pkg: Package) {
  if (pkg.licenses.length === 1 && / (AND|OR|WITH) /.test(pkg.licenses[0]!.spdxExpression ?? '')) {
    return [{ expression: pkg.licenses[0]!.spdxExpression! }];
  }
  return pkg.licenses.map((license) => {
    const id = license.spdxExpression;
    if (id && /^[A-Za-z0-9.-]+$/.test(id) && !id.startsWith('LicenseRef-')) return { license: { id } };
    return { license: { name: id ?? license.value } };
  });
}

function operatingSystem(analysis: Analysis) {
  const { distro } = analysis;
  if (!distro) return [];
  return [
    {
      'bom-ref': `os:${distro.id}@${distro.versionId ?? ''}`,
      type: 'operating-system',
      name: distro.id,
      ...(distro.versionId ? { version: distro.versionId } : {}),
      ...(distro.prettyName ? { description: distro.prettyName } : {}),
      properties: [
        { name: 'syft:distro:id', value: distro.id },
        ...(distro.versionId ? [{ name: 'syft:distro:versionID', value: distro.versionId }] : []),
        ...distro.idLike.map((like, index) => ({ name: `syft:distro:idLike:${index}`, value: like })),
        ...(distro.codename ? [{ name: 'syft:distro:versionCodename', value: distro.codename }] : []),
      ],
    },
  ];
}

/** The root depends on what nothing else needs; every package on what it needs. */
function dependencies(analysis: Analysis, refs: Map<string, string>, root: string) {
  const needs = new Map<string, Set<string>>();
  const needed = new Set<string>();
  for (const relation of analysis.relationships) {
    const from = refs.get(relation.from);
    const to = refs.get(relation.to);
    if (relation.type !== 'dependency-of' || !from || !to || from === to) continue;
    const set = needs.get(to) ?? new Set();
    set.add(from);
    needs.set(to, set);
    needed.add(from);
  }
  const all = [...refs.values()];
  return [
    { ref: root, dependsOn: all.filter((ref) => !needed.has(ref)).sort() },
    ...all.sort().map((ref) => ({ ref, ...(needs.has(ref) ? { dependsOn: [...needs.get(ref)!].sort() } : {}) })),
  ];
}
