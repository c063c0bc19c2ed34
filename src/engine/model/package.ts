import type { Distro } from './distro.ts';

/** Package types, named as in Syft's JSON so that native SBOMs interchange. */
export type PackageType =
  | 'deb'
  | 'rpm'
  | 'apk'
  | 'alpm'
  | 'portage'
  | 'nix'
  | 'npm'
  | 'python'
  | 'java-archive'
  | 'jenkins-plugin'
  | 'gem'
  | 'go-module'
  | 'rust-crate'
  | 'php-composer'
  | 'php-pear'
  | 'dotnet'
  | 'hex'
  | 'erlang-otp'
  | 'dart-pub'
  | 'swift'
  | 'conda'
  | 'homebrew'
  | 'conan'
  | 'R-package'
  | 'lua-rocks'
  | 'hackage'
  | 'pod'
  | 'bitnami'
  | 'wordpress-plugin'
  | 'github-action'
  | 'binary'
  | 'linux-kernel'
  | 'linux-kernel-module'
  | 'graalvm-native-image'
  | 'msrc-kb'
  | 'UnknownPackage';

/** Where evidence of a package lies. */
export interface PackageLocation {
  /** Real path in the squashed image, absolute (`/usr/lib/…`), nested archives as `/app.war!/WEB-INF/lib/a.jar`. */
  path: string;
  /** Blob digest of the layer that holds the visible version of the file. */
  layer?: string;
  /** `primary`: the file that declares the package; `supporting`: further evidence (RECORD, copyright …). */
  evidence: 'primary' | 'supporting';
}

/** A licence as the package states it. */
export interface PackageLicense {
  /** Text as found. */
  value: string;
  /** SPDX expression, when the text parses as one or is a known alias. */
  spdxExpression?: string;
}

/** The package that a package was built from: source deb, source rpm, apk origin. */
export interface Upstream {
  name: string;
  /** Absent: same version as the package. */
  version?: string;
}

/** A file that a package manager says belongs to a package. */
export interface OwnedFile {
  path: string;
  /** `algorithm:hex`, e.g. `md5:…`, `sha256:…`, `sha1:…` */
  digest?: string;
  /** Permission bits as octal text, e.g. `0644`. */
  mode?: string;
  user?: string;
  group?: string;
  size?: number;
  isConfig?: boolean;
}

/** How sure the analyzer is of name and version. */
export type Confidence = 'declared' | 'metadata' | 'signature' | 'heuristic';

/** One installed package found in an image, source tree or SBOM. */
export interface Package {
  /** 16 hex digits: hash of type, name, version and primary location. Stable for equal input. See `packageId`. */
  id: string;
  type: PackageType;
  /** Name as the ecosystem writes it: `@scope/name`, `group:artifact` is NOT used here (see `metadata.groupId`). */
  name: string;
  /** Full version as the ecosystem writes it; rpm is `[epoch:]version-release`, deb `[epoch:]upstream[-revision]`. */
  version: string;
  arch?: string;
  /** Package URL (purl-spec), always present when name and version are known. */
  purl?: string;
  /** CPE 2.3 names, best first. */
  cpes: string[];
  licenses: PackageLicense[];
  locations: PackageLocation[];
  upstreams: Upstream[];
  /** Who made it: maintainer, vendor, author. */
  origin?: string;
  /** Installed size in bytes. */
  size?: number;
  /** Distribution of the package database that lists it (OS packages only). */
  distro?: Distro;
  /** Names of packages this one needs, in the ecosystem's own terms; resolved to edges by the relationship pass. */
  dependencies?: string[];
  /** Files it owns (OS packages, Python RECORD). */
  files?: OwnedFile[];
  /** Name of the analyzer. */
  foundBy: string;
  confidence: Confidence;
  /** `id` of the OS package that owns this package's primary file. Set after squash. */
  ownedBy?: string;
  /** Syft metadata type name (`dpkg-db-entry`, `javascript-npm-package` …) and the ecosystem's own fields. */
  metadataType?: string;
  metadata: Record<string, unknown>;
}

/** OS package types: content type `os` of the API, vulnerability type `os`. Everything else is `non-os`. */
export const OS_PACKAGE_TYPES: ReadonlySet<PackageType> = new Set(['deb', 'rpm', 'apk', 'alpm', 'portage', 'nix']);

/** A directed relation between two packages of one analysis. */
export interface Relationship {
  from: string;
  to: string;
  /** `dependency-of`: `from` is needed by `to`. `ownership-by-file-overlap`: `from` owns a file that declares `to`. */
  type: 'dependency-of' | 'ownership-by-file-overlap' | 'contains';
}
