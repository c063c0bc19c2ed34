import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Analyzer, AnalyzerSettings } from '../analyzers/types.ts';
import type { Digest } from '../model/digest.ts';
import type { LayerRecord } from './layer-record.ts';
import type { AnalysisLimits } from './limits.ts';

/** Raise when `LayerRecord` or the meaning of its fields changes. */
const RECORD_VERSION = 1;

/** A store for layer records. Entries may vanish at any time; `put` may fail without harm. */
export interface LayerCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** Identifies a set of analyzers: 12 hex digits over their names and versions. */
export function analyzerSetVersion(analyzers: readonly Analyzer[]): string {
  const list = analyzers.map(({ name, version }) => `${name}@${version}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([RECORD_VERSION, list]))
    .digest('hex')
    .slice(0, 12);
}

/**
 * Cache key of a layer's record. `digest` must have been computed from the bytes, never taken from a manifest's or
 * config's word for them: a forged claim would poison the cache for every image that shares it.
 */
export function layerKey(
  digest: Digest,
  analyzers: readonly Analyzer[],
  settings: AnalyzerSettings,
  limits: AnalysisLimits,
  packagesOnly: boolean,
): string {
  const parts = [analyzerSetVersion(analyzers), settings, { ...limits, layerTimeMs: 0 }, packagesOnly];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return `${digest.slice('sha256:'.length)}-${hash}`;
}

/** Packs a record: V8's structured serialisation, then zstd. */
export function encodeRecord(record: LayerRecord): Uint8Array {
  return zstdCompressSync(serialize(record), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Unpacks a record; undefined when the bytes are damaged or of another layer. */
export function decodeRecord(bytes: Uint8Array, digest: Digest): LayerRecord | undefined {
  try {
    const record = deserialize(zstdDecompressSync(bytes)) as LayerRecord;
    return record.format === 1 && record.digest === digest ? record : undefined;
  } catch {
    return undefined; // a damaged entry costs one more read of the layer
  }
}
