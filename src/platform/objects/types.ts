import type { Readable } from 'node:stream';

/**
 * Object store for large documents and uploads. Keys are `/`-separated ASCII, e.g. `analysis/sha256/ab/…`.
 * A put is atomic: a reader sees the whole object or none. Implementations: filesystem, S3; one contract test runs on all.
 */
export interface ObjectStore {
  /** Stores bytes or a stream; resolves with the number of bytes once they are durable. Overwrites. */
  put(key: string, body: Uint8Array | Readable): Promise<number>;
  /** Undefined when there is no such object. */
  get(key: string): Promise<Buffer | undefined>;
  /** Streams an object; undefined when there is none. */
  open(key: string, range?: { start: number; end?: number }): Promise<Readable | undefined>;
  head(key: string): Promise<{ size: number } | undefined>;
  /** No error when absent. */
  delete(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<{ key: string; size: number }>;
  close(): Promise<void>;
}
