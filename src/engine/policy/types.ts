import type { DockerfileFact, FileRecord, ImageMetadata, RetrievedFile, SearchHit } from '../model/analysis.ts';
import type { Distro } from '../model/distro.ts';
import type { Package } from '../model/package.ts';
import type { VulnerabilityDetail } from '../vulnerabilities/types.ts';

/** A group of facts, and whether it was gathered at all: triggers must tell "none" from "not searched". */
export type Fact<T> = { state: 'present'; value: T } | { state: 'not-collected' } | { state: 'failed'; reason: string };

/** A vulnerability match as policy sees it. */
export interface VulnerabilityFact {
  vulnerability: VulnerabilityDetail;
  package: Package;
  fixVersions: string[];
  willNotFix: boolean;
  /** First time this account saw this match, RFC 3339. */
  detectedAt?: string;
  /** First time a fix was seen. */
  fixObservedAt?: string;
  inheritedFromBase?: boolean;
  /** Scores that NVD gives to the CVEs of the record, when the record itself is a vendor's. */
  nvdCvss?: VulnerabilityDetail['cvss'];
}

/** Everything that gates may read about an image. Built once per evaluation; pure data. */
export interface PolicyFacts {
  image: ImageMetadata & { layerCount: number };
  distro?: Distro;
  packages: Fact<Package[]>;
  files: Fact<FileRecord[]>;
  secrets: Fact<SearchHit[]>;
  contentSearch: Fact<SearchHit[]>;
  retrievedFiles: Fact<RetrievedFile[]>;
  dockerfile: Fact<DockerfileFact>;
  vulnerabilities: Fact<VulnerabilityFact[]>;
  /** State of the vulnerability data itself. */
  feed: { builtAt?: string /** Is there data for this image's distro? */; coversDistro: boolean };
  malware: Fact<{ findings: { path: string; signature: string; scanner: string }[] }>;
  /** Known images whose layers are a proper prefix of this image's, nearest (most shared layers) first. */
  ancestors: Fact<
    {
      imageDigest: string;
      tags: string[] /** Marked or chosen as the base; else the nearest is. */;
      isBase?: boolean;
    }[]
  >;
  /** Packages of the digest that the evaluated tag named before; `value: null` when there was none. Absent = not collected. */
  previousPackages?: Fact<Package[] | null>;
  /** Packages of source SBOMs related to the image; an empty list when no source is related. Absent = not collected. */
  relatedSources?: Fact<{ sourceId: string; packages: Package[] }[]>;
  /** STIG evaluations stored with the image. Absent = not collected. */
  stigEvaluations?: Fact<{ evaluatedAt: string; profile?: string }[]>;
  /** Versions known to the package registries, by package name. Absent = not collected. */
  registryFeeds?: { npm: Fact<Map<string, RegistryPackage>>; gem: Fact<Map<string, RegistryPackage>> };
}

/** What a package registry knows about one name. */
export interface RegistryPackage {
  latest?: string;
  versions: string[];
}

/** What is judged. */
export interface PolicyTarget {
  imageDigest: string;
  imageId: string;
  /** Normalised full tag, `registry/repository:tag`; absent for a digest-only check. */
  tag?: string;
  /** Set when a source repository is judged instead of an image: its mappings and rule sets are used. */
  source?: { host: string; repository: string };
}

// The document and the result are the wire forms of the V2 API (snake_case): see document.ts and result.ts.
