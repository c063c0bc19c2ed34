import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import type { PolicyEvaluationResult } from '#engine/policy/index.ts';
import type {
  SourceFinding,
  SourceFindings,
  SuppressedSourceFinding,
} from '#engine/vulnerabilities/find-vulnerabilities.ts';
import type { Match, SuppressedMatch } from '#engine/vulnerabilities/types.ts';
import type { Explanation } from '../explanation-report.ts';
import type { AnalysedSource } from './analyse.ts';
import type { ScanCoverage } from './coverage.ts';

/** Everything that a scan found out. */
export interface ScanResult {
  source: AnalysedSource;
  found: SourceFindings | undefined;
  evaluation: PolicyEvaluationResult | undefined;
  coverage: ScanCoverage;
  /** Answer to the question of the request. */
  explanation?: Explanation;
}

/** The `json` form: one document, keys in this order, lists sorted, equal for equal input. Described in docs/cli.md. */
export function scanDocument({ source, found, evaluation, coverage }: ScanResult) {
  const { analysis } = source;
  return {
    source: sourceOf(source),
    distro: analysis.distro ?? null,
    packages: sortedBy(analysis.packages, packageKey).map(packageEntry),
    vulnerabilities: sortedBy(found?.findings ?? [], findingKey).map(vulnerabilityEntry),
    evaluation: evaluation ?? null,
    coverage: { ...coverage, suppressed: sortedBy(found?.suppressed ?? [], findingKey).map(suppressedEntry) },
  };
}

function sourceOf({ kind, analysis, tag }: AnalysedSource) {
  const { image } = analysis;
  return {
    kind,
    name: analysis.source.name,
    ...(tag === undefined ? {} : { tag }),
    ...(image
      ? {
          digest: image.manifestDigest,
          ...(image.parentDigest === undefined ? {} : { parentDigest: image.parentDigest }),
          imageId: image.imageId,
          mediaType: image.mediaType,
          os: image.os,
          architecture: image.architecture,
          ...(image.variant === undefined ? {} : { variant: image.variant }),
          ...(image.created === undefined ? {} : { created: image.created }),
          size: image.size,
          labels: image.labels,
          layers: analysis.layers,
        }
      : {}),
    analyzerVersion: analysis.analyzerVersion,
  };
}

function packageEntry(pkg: Package) {
  return {
    id: pkg.id,
    type: pkg.type,
    name: pkg.name,
    version: pkg.version,
    arch: pkg.arch,
    purl: pkg.purl,
    cpes: pkg.cpes,
    licenses: pkg.licenses,
    locations: pkg.locations,
    upstreams: pkg.upstreams,
    origin: pkg.origin,
    size: pkg.size,
    foundBy: pkg.foundBy,
    confidence: pkg.confidence,
    ownedBy: pkg.ownedBy,
    metadataType: pkg.metadataType,
    metadata: withoutFiles(pkg.metadata),
  };
}

/** Lists of owned files would be most of the document; the native SBOM has them. */
function withoutFiles({ files: _files, ...metadata }: Package['metadata']): Package['metadata'] {
  return metadata;
}

/** The part of a package that a vulnerability repeats. */
function packageOf(pkg: Package) {
  return {
    id: pkg.id,
    type: pkg.type,
    name: pkg.name,
    version: pkg.version,
    purl: pkg.purl,
    path: pkg.locations[0]?.path,
  };
}

function matchOf({ kind, constraint, scheme, searchedBy, doubt }: Match | SuppressedMatch) {
  return { kind, constraint, scheme, searchedBy, ...(doubt === undefined ? {} : { doubt }) };
}

function vulnerabilityEntry({ package: pkg, match, detail }: SourceFinding) {
  return {
    id: match.vulnerability,
    namespace: match.namespace,
    provider: match.provider,
    severity: detail.severity,
    package: packageOf(pkg),
    fix: match.fix,
    match: matchOf(match),
    aliases: match.aliases,
    cvss: detail.cvss,
    cwes: detail.cwes,
    epss: detail.epss ?? null,
    kev: detail.kev ?? null,
    links: detail.links,
    publishedAt: detail.publishedAt,
    modifiedAt: detail.modifiedAt,
    description: detail.description,
  };
}

function suppressedEntry({ package: pkg, match }: SuppressedSourceFinding) {
  return {
    id: match.vulnerability,
    namespace: match.namespace,
    package: packageOf(pkg),
    fix: match.fix,
    match: matchOf(match),
    rule: match.rule,
    reason: match.reason,
  };
}

function packageKey(pkg: Package): string {
  return [pkg.type, pkg.name, pkg.version, pkg.locations[0]?.path ?? '', pkg.id].join('\u0000');
}

function findingKey({ package: pkg, match }: { package: Package; match: Match }): string {
  return [match.vulnerability, packageKey(pkg), match.namespace, match.constraint, match.searchedBy.cpe ?? ''].join(
    '\u0000',
  );
}

/** A sorted copy, by code units of the keys: no locale takes part. */
function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

/** Documents in the other JSON forms. */
export async function sbomDocument(
  format: 'native-json' | 'cyclonedx-json' | 'spdx-json',
  analysis: Analysis,
): Promise<unknown> {
  const { cyclonedxSbom, nativeSbom, spdxSbom } = await import('#engine/sbom/index.ts');
  switch (format) {
    case 'native-json':
      return nativeSbom(analysis);
    case 'cyclonedx-json':
      return cyclonedxSbom(analysis);
    case 'spdx-json':
      return spdxSbom(analysis);
  }
}
