import type { Distro } from '../model/distro.ts';
import type { Package, PackageType, Upstream } from '../model/package.ts';
import type { SchemeName } from '../versions/types.ts';

/**
 * The part of a package that decides its matches. Two packages with equal identity have equal matches, in every
 * image: this is the unit of matching and storage.
 */
export interface MatchablePackage {
  type: PackageType;
  name: string;
  version: string;
  arch?: string;
  /** Distro of the package database (OS packages), or of the image (others: used by platform qualifiers). */
  distro?: Distro;
  upstreams: Upstream[];
  /** rpm modularity label: undefined = unknown, '' = not modular. */
  module?: string;
  cpes: string[];
  purl?: string;
  language?: string;
  /** Maven group and artifact, go symbols and other matcher input by type. */
  metadata?: Record<string, unknown>;
}

export type FixState = 'fixed' | 'not-fixed' | 'wont-fix' | 'unknown';
export type Severity = 'Unknown' | 'Negligible' | 'Low' | 'Medium' | 'High' | 'Critical';

/** One match: a package version that a record says is vulnerable. */
export interface Match {
  /** Id of the record: CVE-…, GHSA-…, ALAS-… */
  vulnerability: string;
  /** `debian:distro:debian:12`, `github:language:python`, `nvd:cpe` … */
  namespace: string;
  provider: string;
  fix: { state: FixState; versions: string[] /** RFC 3339, when known. */; available?: string };
  /** Range that holds, as in the record. */
  constraint: string;
  scheme: SchemeName;
  kind: 'exact-direct' | 'exact-indirect' | 'cpe';
  /** What was searched: package or upstream name and version, or the CPE. */
  searchedBy: { name: string; version: string; cpe?: string; distro?: string };
  /** CVE ids and other names of the same flaw. */
  aliases: string[];
  /** Why the range could not be judged with certainty (unreadable, unknown kind of versions): a match to be doubted. */
  doubt?: string;
}

/** A match that a rule took away. Kept and shown, with its rule. */
export interface SuppressedMatch extends Match {
  rule:
    | 'fixed-by-distro'
    | 'unaffected-record'
    | 'owned-by-os-package'
    | 'kernel-headers'
    | 'kernel-package'
    | 'duplicate'
    | 'exclusion'
    | 'vex'
    | 'user';
  reason: string;
}

/** Was there data to match this package against? */
export type Coverage =
  | 'covered'
  /** Distro known, but the data has nothing for this release. */
  | 'no-data-for-distro'
  | 'distro-end-of-life'
  | 'no-data-for-ecosystem'
  | 'unknown-version';

export interface MatchResult {
  matches: Match[];
  suppressed: SuppressedMatch[];
  coverage: Coverage;
}

/** Facts about a vulnerability, shared by all its matches. */
export interface VulnerabilityDetail {
  id: string;
  namespace: string;
  provider: string;
  severity: Severity;
  description?: string;
  status?: string;
  publishedAt?: string;
  modifiedAt?: string;
  links: string[];
  aliases: string[];
  cvss: {
    source?: string;
    version: string;
    vector: string;
    baseScore: number;
    exploitabilityScore?: number;
    impactScore?: number;
  }[];
  cwes: string[];
  /** CISA Known Exploited Vulnerabilities entry, if any of its CVEs is listed. */
  kev?: { cve: string; dateAdded?: string; dueDate?: string; ransomware: boolean };
  epss?: { cve: string; score: number; percentile: number; date?: string };
}

/** A vulnerability that is never to be reported for some packages, and why. All that is given must hold. */
export interface MatchExclusion {
  /** CVE-…, GHSA-… */
  vulnerability: string;
  justification: string;
  /** Namespaces of matches (`nvd:cpe`); absent = all. */
  namespaces?: readonly string[];
  package?: {
    language?: string;
    type?: PackageType;
    name?: string;
    /** Exact versions. */
    versions?: readonly string[];
  };
}

/** What an operator or account decides about matching. A change of any of them asks for matching again: `settingsDigest`. */
export interface MatchSettings {
  /** CPE search per package type; absent = the documented default. */
  cpe: Partial<Record<PackageType, boolean>>;
  /** Search deb and rpm packages by CPE once their distribution is past its end of life. Default false. */
  cpeForEndOfLife?: boolean;
  excludeProviders: string[];
  excludePackageTypes: PackageType[];
  /** Day of the judgement "end of life", RFC 3339. Default: now. */
  now?: string;
  /** Report Go main modules without a release version too. Default false. */
  goMainModulePseudoVersions?: boolean;
  /** Extended update support of RHEL 8 and later: as the image tells (auto, the default), always, never. */
  rhelExtendedUpdates?: 'auto' | 'always' | 'never';
  /** Expanded security maintenance of Ubuntu: as the image tells (auto, the default), always, never. */
  ubuntuPro?: 'auto' | 'always' | 'never';
  /** Header packages of the kernel that match through its source. Default: suppress. */
  kernelHeaders?: 'suppress' | 'report';
  /** The kernel itself, which containers do not boot. Default: report. */
  kernelPackages?: 'suppress' | 'report';
  /** Several sources that report one flaw of a package: keep all (the default), or the one nearest to the package. */
  duplicates?: 'keep' | 'prefer-vendor';
  /** Apply the exclusions that come with the product. Default true. */
  builtInExclusions?: boolean;
  /** Further exclusions; one array for all calls, it is indexed once. */
  exclusions?: readonly MatchExclusion[];
}

/** What was seen of one record while a package was matched. */
export interface ExplainStep {
  vulnerability: string;
  namespace: string;
  provider: string;
  aliases: string[];
  /** Does the record say which versions are affected, or which are not? */
  says: 'affected' | 'unaffected';
  searchedBy: { name: string; version: string; cpe?: string };
  outcome:
    | 'in-range'
    | 'not-in-range'
    | 'not-for-this-package'
    | 'withdrawn'
    | 'provider-excluded'
    | 'unaffected-here'
    | 'other-target';
  /** Range or qualifier and how the package compares with it, as a sentence. */
  reason: string;
  ranges: { constraint: string; scheme: SchemeName; fixState: FixState; fixVersion: string }[];
}

/** Why a package has, or has not, a vulnerability. */
export interface Explanation {
  verdict: 'matched' | 'suppressed' | 'not-matched';
  /** One sentence. */
  summary: string;
  coverage: Coverage;
  /** Names that were looked for, and where. */
  searches: string[];
  /** Every record of the vulnerability, or of an alias, that the search met. */
  steps: ExplainStep[];
  matches: Match[];
  suppressed: SuppressedMatch[];
  /** Where else the vulnerability is known: namespaces and the packages that they name. */
  knownIn: { namespace: string; packages: string[] }[];
}

/** A key of the index with the hash of its content, for comparing two builds. */
export interface ContentHash {
  /** Unique in the stream; both builds yield keys in the same order. */
  key: string;
  /** What `searchNames` yields for packages that this key concerns: `deb/openssl`, `cpe/vendor/product`, `os/debian`. */
  name: string;
  hash: string;
  /** Text by which the stream rises, compared by code points. Default: the key. */
  order?: string;
}

/** An opened index of one database build. Read-only, shared by threads and processes. */
export interface VulnerabilityIndex {
  /** Checksum of the archive that it was built from. */
  readonly checksum: string;
  readonly schemaVersion: string;
  /** RFC 3339. */
  readonly builtAt: string;
  match(pkg: MatchablePackage, settings: MatchSettings): MatchResult;
  detail(id: string, namespace: string): VulnerabilityDetail | undefined;
  /** All records with this id or alias, in any namespace. */
  find(id: string): VulnerabilityDetail[];
  providers(): { id: string; capturedAt?: string; records: number }[];
  /** End of life of a distro release, RFC 3339 date, when the data tells. */
  endOfLife(distro: Distro): string | undefined;
  /** Why a package has, or has not, a vulnerability (id or alias). */
  explain(pkg: MatchablePackage, settings: MatchSettings, vulnerabilityId: string): Explanation;
  /** Ids and aliases of flaws that the distribution says do not (or no longer) concern this OS package. */
  ruledOut(pkg: MatchablePackage, settings: MatchSettings): Set<string>;
  /** Packages that a vulnerability names, by namespace. Empty for records found by CPE. */
  affectedPackages(
    id: string,
    namespace?: string,
  ): { namespace: string; packages: { ecosystem: string; name: string }[] }[];
  /** Hashes in key order. `match`: what decides matches; `detail`: severity, links, texts by `provider/id`, KEV. */
  contentHashes(kind: 'match' | 'detail'): Iterable<ContentHash>;
  close(): Promise<void>;
}

/** Extracts the matching identity from a package. See `identity.ts` for the hash. */
export type ToMatchable = (pkg: Package, imageDistro?: Distro) => MatchablePackage;
