import type { Digest } from './digest.ts';
import type { Distro } from './distro.ts';
import type { Package, Relationship } from './package.ts';
import type { Problem } from './problem.ts';

/** One path of the squashed image. */
export interface FileRecord {
  /** Absolute path, `/usr/bin/env`. */
  path: string;
  type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character-device' | 'block-device' | 'fifo' | 'other';
  /** Permission and set-id bits, e.g. 0o4755. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes; for a hard link, the size of what it names. */
  size: number;
  /** Target as written, for symlinks and hard links. */
  linkTarget?: string;
  sha256?: string;
  md5?: string;
  sha1?: string;
  /** Index into `Analysis.layers` of the layer that shows this path. */
  layer: number;
}

/** A hit of a secret or content search rule. Values are never kept: see `redacted`. */
export interface SearchHit {
  path: string;
  layer?: string;
  /** Rule name, e.g. AWS_ACCESS_KEY. */
  name: string;
  /** Rule's regular expression, as configured. */
  regex: string;
  /** 0-based line numbers. */
  lines: number[];
  /** First hit with its middle masked. */
  redacted?: string;
}

/** A file captured whole, for policy and audit. */
export interface RetrievedFile {
  path: string;
  content_base64: string;
}

/** One layer as analysed. */
export interface LayerSummary {
  /** Blob digest, verified. */
  digest: Digest;
  /** Computed digest of the uncompressed tar. */
  diffId: Digest;
  mediaType: string;
  /** Compressed and uncompressed bytes. */
  size: number;
  rawSize: number;
  entries: number;
  /** History entry that made it (`created_by`). */
  createdBy?: string;
  /** False: unreadable in part; see problems. */
  complete: boolean;
}

/** Facts of the image as configured by its author. */
export interface ImageMetadata {
  manifestDigest: Digest;
  /** Digest of the index it was chosen from. */
  parentDigest?: Digest;
  /** Digest of the config blob: "image id". */
  imageId: string;
  mediaType: string;
  os: string;
  architecture: string;
  variant?: string;
  created?: string;
  /** Compressed bytes of all layers. */
  size: number;
  /** OCI config object as found (`config`: User, Env, Cmd, Entrypoint, ExposedPorts, Labels, Healthcheck …). */
  config: Record<string, unknown>;
  history: { created?: string; created_by?: string; empty_layer?: boolean; comment?: string }[];
  labels: Record<string, string>;
}

/** Dockerfile of the image: uploaded (`Actual`) or rebuilt from history (`Guessed`). */
export interface DockerfileFact {
  mode: 'Actual' | 'Guessed';
  text: string;
}

/** What a malware scanner said of an image. */
export interface MalwareScan {
  /** `clamav`. */
  scanner: string;
  /** Version of the scanner's engine. */
  engine: string;
  /** Number and date of its signatures, when it has any of its project. */
  signatures?: string;
  signaturesDate?: string;
  /** Files that it said something of, by content. */
  scannedFiles: number;
  findings: { path: string; layer?: string; signature: string }[];
}

/** The whole result of analysing one image (or directory). Account-free, keyed by manifest digest. */
export interface Analysis {
  schema: 1;
  /** Version of the analyzer set that produced it. */
  analyzerVersion: string;
  source: { kind: 'image' | 'directory' | 'sbom'; name: string };
  image?: ImageMetadata;
  manifest?: string;
  layers: LayerSummary[];
  distro?: Distro;
  packages: Package[];
  relationships: Relationship[];
  /** Absent when not collected (`--packages-only`). */
  files?: FileRecord[];
  secrets?: SearchHit[];
  contentSearch?: SearchHit[];
  retrievedFiles?: RetrievedFile[];
  dockerfile?: DockerfileFact;
  /** Absent when no scanner is set up. */
  malware?: MalwareScan;
  /** Empty when everything was read. */
  problems: Problem[];
}
