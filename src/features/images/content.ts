import type { Analysis, FileRecord, MalwareScan } from '#engine/model/analysis.ts';
import { OS_PACKAGE_TYPES, type Package, type PackageType } from '#engine/model/package.ts';

/** Content types whose rows are packages, with the package types they hold. Types not named here stand for themselves. */
const GROUPS: Partial<Record<PackageType, string>> = {
  npm: 'npm',
  gem: 'gem',
  python: 'python',
  'java-archive': 'java',
  'jenkins-plugin': 'java',
  'go-module': 'go',
  binary: 'binary',
  dotnet: 'nuget',
};

/** Content types that every image announces, in the order clients know. */
export const BASE_CONTENT_TYPES = [
  'os',
  'files',
  'npm',
  'gem',
  'python',
  'java',
  'binary',
  'go',
  'nuget',
  'licenses',
] as const;

/** A scan for malware, as the API gives it. */
export function malwareContent({ scanner, engine, signatures, signaturesDate, findings, ...scan }: MalwareScan) {
  return {
    enabled: true,
    scanner,
    metadata: {
      engine,
      db_update_enabled: true,
      db_version: { daily: signatures ?? '' },
      ...(signaturesDate ? { db_date: signaturesDate } : {}),
      scanned_files: scan.scannedFiles,
    },
    findings: findings.map(({ path, signature }) => ({ path, signature })),
  };
}

/** Names that people read, for the content summary. */
const DISPLAY_NAMES: Record<string, string> = {
  os: 'OS',
  files: 'Files',
  npm: 'NPM',
  gem: 'Gem',
  python: 'Python',
  java: 'Java',
  binary: 'Binary',
  go: 'Go',
  nuget: 'NuGet',
  licenses: 'Licenses',
  'rust-crate': 'Rust',
  'php-composer': 'PHP Composer',
  malware: 'Malware',
};

export function contentTypeOf(type: PackageType): string {
  return OS_PACKAGE_TYPES.has(type) ? 'os' : (GROUPS[type] ?? type);
}

/** Package type as the API has always spelt it. */
export function apiPackageType(type: PackageType): string {
  if (type === 'deb') return 'dpkg';
  if (type === 'apk') return 'APKG';
  return OS_PACKAGE_TYPES.has(type) ? type : contentTypeOf(type);
}

/** Where a package lies, as the API says it: OS packages are in the package database. */
export function packagePath(pkg: { type: PackageType }, path: string): string {
  return OS_PACKAGE_TYPES.has(pkg.type) ? 'pkgdb' : path;
}

/** All content types of an analysis: the fixed ones, and one for each further package type found. */
export function contentTypes(packageTypes: Iterable<string>): string[] {
  const extra = new Set<string>();
  for (const type of packageTypes) {
    const content = contentTypeOf(type as PackageType);
    if (!(BASE_CONTENT_TYPES as readonly string[]).includes(content)) extra.add(content);
  }
  return [...BASE_CONTENT_TYPES, ...[...extra].sort()];
}

function licenseTexts(pkg: Package): string[] {
  return pkg.licenses.map((license) => license.spdxExpression ?? license.value);
}

/** Rows of `content/{type}`. */
export function packageContent(analysis: Analysis, type: string) {
  return analysis.packages
    .filter((pkg) => contentTypeOf(pkg.type) === type)
    .map((pkg) => ({
      package: pkg.name,
      version: pkg.version,
      size: pkg.size === undefined ? 'N/A' : String(pkg.size),
      type: apiPackageType(pkg.type),
      origin: pkg.origin ?? '',
      license: licenseTexts(pkg).join(' '),
      licenses: licenseTexts(pkg),
      location: packagePath(pkg, pkg.locations[0]?.path ?? ''),
      cpes: pkg.cpes,
      ...(pkg.metadataType ? { metadata_type: pkg.metadataType, metadata: pkg.metadata } : {}),
      purl: pkg.purl ?? '',
    }));
}

function text(record: unknown, ...keys: string[]): string {
  for (const key of keys) {
    const value = record && typeof record === 'object' ? (record as Record<string, unknown>)[key] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return 'N/A';
}

/** Rows of `content/java`. */
export function javaContent(analysis: Analysis) {
  return analysis.packages
    .filter((pkg) => contentTypeOf(pkg.type) === 'java')
    .map((pkg) => {
      const manifest = (pkg.metadata.manifest as { main?: unknown } | undefined)?.main;
      return {
        package: pkg.name,
        version: pkg.version,
        'implementation-version': text(manifest, 'Implementation-Version'),
        'specification-version': text(manifest, 'Specification-Version'),
        'maven-version': text(pkg.metadata.pomProperties, 'version'),
        location: pkg.locations[0]?.path ?? '',
        type: pkg.type === 'jenkins-plugin' ? 'java-hpi' : 'java-jar',
        origin: pkg.origin ?? '',
        licenses: licenseTexts(pkg),
        cpes: pkg.cpes,
        purl: pkg.purl ?? '',
      };
    });
}

const FILE_TYPES: Record<FileRecord['type'], string> = {
  file: 'file',
  hardlink: 'file',
  directory: 'dir',
  symlink: 'slink',
  'character-device': 'dev',
  'block-device': 'dev',
  fifo: 'UNKNOWN',
  other: 'UNKNOWN',
};

/** Octal mode with the type bits of stat(2), as `0o100644`. */
const TYPE_BITS: Record<FileRecord['type'], number> = {
  file: 0o100000,
  hardlink: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  'character-device': 0o020000,
  'block-device': 0o060000,
  fifo: 0o010000,
  other: 0,
};

/** Rows of `content/files`. */
export function fileContent(files: FileRecord[]) {
  return files.map((file) => ({
    filename: file.path,
    gid: file.gid,
    linkdest: file.linkTarget ?? null,
    mode: `0o${(TYPE_BITS[file.type] | file.mode).toString(8)}`,
    sha256: file.sha256 ?? null,
    size: file.size,
    type: FILE_TYPES[file.type],
    uid: file.uid,
  }));
}

/** Rows of `content-summary`. */
export function contentSummary(packageCounts: Record<string, number>, fileCount: number | undefined) {
  const counts = new Map<string, number>(BASE_CONTENT_TYPES.map((type) => [type, 0]));
  let packages = 0;
  for (const [type, count] of Object.entries(packageCounts)) {
    const content = contentTypeOf(type as PackageType);
    counts.set(content, (counts.get(content) ?? 0) + count);
    packages += count;
  }
  counts.set('licenses', packages);
  if (fileCount === undefined) counts.delete('files');
  else counts.set('files', fileCount);
  return [...counts].map(([content_type, count]) => ({
    content_type,
    display_name: DISPLAY_NAMES[content_type] ?? content_type,
    count,
  }));
}

/** Items of `content/licenses`. */
export function licenseContent(analysis: Analysis) {
  return analysis.packages.map((pkg) => ({
    package: { name: pkg.name, version: pkg.version, type: apiPackageType(pkg.type), purl: pkg.purl ?? '' },
    licenses: pkg.licenses.map((license) => ({
      license_id: license.spdxExpression ?? '',
      license_name: license.value,
      license_text: '',
      license_header: '',
      license_url: license.spdxExpression ? `https://spdx.org/licenses/${license.spdxExpression}.html` : '',
      source: 'sbom' as const,
    })),
  }));
}

/** Entries of the search artifacts: one per path, with every rule that hit. */
export function searchArtifacts(hits: { path: string; name: string; regex: string; lines: number[] }[]) {
  const byPath = new Map<string, { name: string; regex: string; lines: number[] }[]>();
  for (const { path, name, regex, lines } of hits) {
    const matches = byPath.get(path) ?? [];
    matches.push({ name, regex, lines });
    byPath.set(path, matches);
  }
  return [...byPath].map(([path, matches]) => ({ path, matches }));
}
