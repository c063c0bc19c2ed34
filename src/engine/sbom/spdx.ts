import { createHash } from 'node:crypto';
import type { Analysis } from '../model/analysis.ts';
import type { Package } from '../model/package.ts';

const ROOT = 'SPDXRef-DocumentRoot';

/** Options of the writers. The clock comes from outside: equal input gives equal bytes but for this one field. */
export interface SbomOptions {
  /** RFC 3339; default: when the image was created, so that the document is reproducible. */
  created?: string;
}

/** RFC 3339 in whole seconds and UTC, as SPDX and CycloneDX want it. */
export function sbomTime(analysis: Analysis, options: SbomOptions): string {
  const time = new Date(options.created ?? analysis.image?.created ?? 0);
  return `${(Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString().slice(0, 19)}Z`;
}

/** An analysis as an SPDX 2.3 JSON document (spdx.github.io/spdx-spec/v2.3). */
export function spdxSbom(analysis: Analysis, options: SbomOptions = {}) {
  const name = analysis.source.name;
  const licenses = new LicenseRefs();
  const packages = analysis.packages.map((pkg) => spdxPackage(pkg, licenses));
  const described = {
    name,
    SPDXID: ROOT,
    ...(analysis.image ? { versionInfo: analysis.image.manifestDigest } : {}),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    primaryPackagePurpose: analysis.source.kind === 'image' ? 'CONTAINER' : 'FILE',
    ...(analysis.image
      ? { checksums: [{ algorithm: 'SHA256', checksumValue: analysis.image.manifestDigest.slice('sha256:'.length) }] }
      : {}),
  };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://spdx.org/spdxdocs/windlass-${documentId(analysis)}`,
    creationInfo: {
      created: sbomTime(analysis, options),
      creators: ['Organization: Windlass', `Tool: windlass-${analysis.analyzerVersion}`],
    },
    packages: [described, ...packages],
    ...(licenses.entries.length > 0 ? { hasExtractedLicensingInfos: licenses.entries } : {}),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ROOT },
      ...analysis.packages.map((pkg) => ({
        spdxElementId: ROOT,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: packageRef(pkg),
      })),
      ...relations(analysis),
    ],
  };
}

/** Stable id of the document: what was analysed, with what. */
export function documentId(analysis: Analysis): string {
  return createHash('sha256')
    .update(`${analysis.analyzerVersion}\n${analysis.image?.manifestDigest ?? analysis.source.name}\n`)
    .update(analysis.packages.map((pkg) => pkg.id).join('\n'))
    .digest('hex');
}

function packageRef(pkg: Package): string {
  return `SPDXRef-Package-${pkg.type.replace(/[^A-Za-z0-9.-]/g, '-')}-${pkg.id}`;
}

function relations(analysis: Analysis) {
  const refs = new Map(analysis.packages.map((pkg) => [pkg.id, packageRef(pkg)]));
  return analysis.relationships.flatMap((relation) => {
    const from = refs.get(relation.from);
    const to = refs.get(relation.to);
    if (!from || !to) return [];
    if (relation.type === 'dependency-of') {
      return [{ spdxElementId: from, relationshipType: 'DEPENDENCY_OF', relatedSpdxElement: to }];
    }
    if (relation.type === 'contains')
      return [{ spdxElementId: from, relationshipType: 'CONTAINS', relatedSpdxElement: to }];
    return [
      {
        spdxElementId: from,
        relationshipType: 'OTHER',
        relatedSpdxElement: to,
        comment: 'ownership-by-file-overlap: the files of the first package hold the evidence of the second',
      },
    ];
  });
}

function spdxPackage(pkg: Package, licenses: LicenseRefs) {
  const references = [
    ...pkg.cpes.map((cpe) => ({ referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: cpe })),
    ...(pkg.purl ? [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: pkg.purl }] : []),
  ];
  const sha1 = pkg.metadata.digest;
  return {
    name: pkg.name,
    SPDXID: packageRef(pkg),
    ...(pkg.version ? { versionInfo: pkg.version } : {}),
    ...(pkg.origin ? { supplier: supplier(pkg), originator: supplier(pkg) } : { supplier: 'NOASSERTION' }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(typeof sha1 === 'string' && /^[0-9a-f]{40}$/.test(sha1)
      ? { checksums: [{ algorithm: 'SHA1', checksumValue: sha1 }] }
      : {}),
    sourceInfo: `acquired from ${pkg.foundBy}: ${pkg.locations.map((location) => location.path).join(', ')}`,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: licenses.expression(pkg),
    copyrightText: 'NOASSERTION',
    ...(references.length > 0 ? { externalRefs: references } : {}),
  };
}

/** `Person: name (mail)` where the origin is a person with an address, else an organization. */
function supplier(pkg: Package): string {
  const text = (pkg.origin ?? '').replace(/\s+/g, ' ').trim();
  const person = /^(.+?)\s*<([^>]+)>$/.exec(text);
  if (!person) return `Organization: ${text}`;
  const kind = pkg.type === 'deb' || pkg.type === 'rpm' || pkg.type === 'apk' ? 'Organization' : 'Person';
  return `${kind}: ${person[1]} (${person[2]})`;
}

/** Texts that are no SPDX expression become `LicenseRef-…` with their text extracted, as the standard asks. */
class LicenseRefs {
  readonly entries: { licenseId: string; extractedText: string; name: string }[] = [];
  readonly #known = new Map<string, string>();

  expression(pkg: Package): string {
    const parts = pkg.licenses.map((license) => license.spdxExpression ?? this.#reference(license.value));
    const distinct = [...new Set(parts)].sort();
    if (distinct.length === 0) return 'NOASSERTION';
    if (distinct.length === 1) return distinct[0]!;
    return distinct.map((part) => (/ (AND|OR|WITH) /.test(part) ? `(${part})` : part)).join(' AND ');
  }

  #reference(text: string): string {
    const known = this.#known.get(text);
    if (known) return known;
    const short = text.length <= 64 && /^[\x20-\x7e]+$/.test(text);
    const readable = short ? text.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-+|-+$/g, '') : '';
    const digest = createHash('sha256').update(text).digest('hex');
    // Two texts may reduce to one readable id: the second takes its digest.
    const taken = readable !== '' && this.entries.some((entry) => entry.licenseId === `LicenseRef-${readable}`);
    const licenseId = `LicenseRef-${readable === '' || taken ? digest.slice(0, 32) : readable}`;
    this.#known.set(text, licenseId);
    this.entries.push({ licenseId, extractedText: text, name: short ? text : licenseId });
    return licenseId;
  }
}
