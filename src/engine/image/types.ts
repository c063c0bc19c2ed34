import type { FileRecord, ImageMetadata, LayerSummary } from '../model/analysis.ts';
import type { Digest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';

/** An OCI content descriptor (OCI image spec, "Descriptor"). */
export interface Descriptor {
  mediaType: string;
  digest: Digest;
  size: number;
  platform?: { os: string; architecture: string; variant?: string };
  annotations?: Record<string, string>;
  artifactType?: string;
  urls?: string[];
}

/** One image, resolved to a single platform, whose bytes can be read. */
export interface OpenImage {
  /** As the user named it. */
  reference: string;
  metadata: ImageMetadata;
  /** Raw manifest and config bytes, verified against their digests. */
  manifest: Uint8Array;
  config: Uint8Array;
  layers: Descriptor[];
  /** diff-ids as claimed by the config; never trusted, only compared. */
  claimedDiffIds: string[];
  problems: Problem[];
  /**
   * Opens a blob from `offset`. The stream may fail in the middle; the reader verifies digest and size.
   * Sources that can resume do so themselves.
   */
  openBlob(descriptor: Descriptor, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Where a blob lies as it is in a local file, when it does: saves copying it between threads. */
  blobRange?(descriptor: Descriptor): { path: string; offset: number; size: number } | undefined;
  /** Frees temporary files and sockets. */
  close(): Promise<void>;
}

/** A regular file met in a layer, before its content has been read. */
export interface FileHead {
  /** Absolute, clean path in the layer (`/usr/lib/x`), decoded from bytes as UTF-8 (lossy). */
  path: string;
  size: number;
  mode: number;
  /** First bytes: all of the file up to 4096. In `select`, valid only during the call; empty when only the name is asked about. */
  head: Uint8Array;
}

/** Random access to a selected file. Small files are in memory, larger ones in a spool file. */
export interface FileContent {
  readonly size: number;
  /** Bytes at `[offset, offset+length)`, short at the end of the file. */
  read(offset: number, length: number): Uint8Array;
  /** All bytes. Use only below the limit that the reader declared. */
  bytes(): Uint8Array;
  /** Reads into memory of the caller, for content that `read` would have to allocate; returns how many bytes. */
  readInto?(offset: number, target: Uint8Array): number;
}

/**
 * How an analyzer reads a file it selected.
 * - `whole`: given the complete file; larger than `limit` bytes is recorded as a problem instead. The bytes are valid only
 *   during `read`: a fact must hold copies. A reader with `ignoresCode` may be given zeros for the machine code of a program.
 * - `stream`: fed chunks as they are inflated; must keep memory bounded. A chunk is valid only during `write`: copy what you keep.
 * The returned fact must be structured-cloneable and small; it is cached with the layer.
 */
export type FileReader<Fact> =
  | {
      kind: 'whole';
      limit: number;
      ignoresCode?: boolean;
      read(content: FileContent, file: FileHead): Fact | undefined;
    }
  | { kind: 'stream'; open(file: FileHead): { write(chunk: Uint8Array): void; end(): Fact | undefined } };

/** A fact that survived squashing: the file that gave it is visible in the image. */
export interface LocatedFact<Fact> {
  /** Real path in the squashed tree. */
  path: string;
  /** Index of the layer that shows it. */
  layer: number;
  fact: Fact;
}

/** The squashed file system of an image. Paths are absolute; look-ups never leave the root and stop after 40 links. */
export interface FileTree {
  /** The node at exactly this path, links not followed. */
  get(path: string): FileRecord | undefined;
  /** The node a path leads to when links are followed in all components. */
  resolve(path: string): FileRecord | undefined;
  /** Real path after following links, or undefined when it leads nowhere. */
  realPath(path: string): string | undefined;
  /** Names directly below a directory. */
  list(path: string): string[];
  /** Paths of all nodes, in byte order, when they are cheaper than the nodes. */
  paths?(): Iterable<string>;
  /** All nodes in byte order of their paths. */
  nodes(): Iterable<FileRecord>;
  readonly size: number;
}

/** What the analyzers' second phase sees. */
export interface ImageView {
  tree: FileTree;
  layers: LayerSummary[];
  /** Absent for directories. */
  metadata?: ImageMetadata;
}
