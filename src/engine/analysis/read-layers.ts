import type { Analyzer } from '../analyzers/types.ts';
import { RegistryError } from '../image/errors.ts';
import type { Descriptor, OpenImage } from '../image/types.ts';
import type { Digest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';
import type { AnalysisProgress, AnalyzeOptions } from './analyze-image.ts';
import { EntryWriter } from './entry-writer.ts';
import { inlineReader } from './inline-reader.ts';
import { decodeRecord, layerKey } from './layer-codec.ts';
import { createLayerPool, LayerTimeout } from './layer-pool.ts';
import type { LayerRecord } from './layer-record.ts';
import type { LayerSettings } from './layer-task.ts';
import type { AnalysisLimits } from './limits.ts';

/** Records of all layers of an image, lowest first. */
export interface ReadLayers {
  records: LayerRecord[];
  problems: Problem[];
  progress: AnalysisProgress;
}

/** Errors of a source that cost one layer, not the image: asking again would not help. */
const LAYER_ERRORS = new Set(['blob-unknown', 'digest-mismatch', 'invalid', 'too-large', 'unsupported']);

/** Reads each distinct layer once, largest first, or takes its record from the cache. */
export async function readLayers(
  image: OpenImage,
  analyzers: readonly Analyzer[],
  limits: AnalysisLimits,
  options: AnalyzeOptions,
): Promise<ReadLayers> {
  const distinct = new Map(image.layers.map((descriptor) => [descriptor.digest, descriptor]));
  const bytesTotal = image.layers.reduce((sum, { size }) => sum + Math.max(size, 0), 0);
  const progress: AnalysisProgress = {
    stage: 'layers',
    layersDone: 0,
    layersTotal: image.layers.length,
    bytesDone: 0,
    bytesTotal,
  };
  const report = (): void => options.onProgress?.({ ...progress });
  const records = new Map<Digest, LayerRecord>();
  const problems: Problem[] = [];
  const packagesOnly = options.packagesOnly ?? false;
  const settings: LayerSettings = {
    settings: options.settings,
    packagesOnly,
    limits,
    ...(options.spoolDirectory === undefined ? {} : { spoolDirectory: options.spoolDirectory }),
  };
  const own = options.analyzers !== undefined;
  const pool = own ? inlineReader(analyzers) : (options.pool ?? createLayerPool());
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  report();

  async function one(descriptor: Descriptor): Promise<void> {
    const uses = image.layers.filter(({ digest }) => digest === descriptor.digest).length;
    const size = Math.max(descriptor.size, 0);
    let bytesRead = 0;
    // Some layers are read twice, and broken ones have more bytes than they claim: neither counts.
    const advance = (bytes: number): void => {
      const before = Math.min(bytesRead, size);
      bytesRead += bytes;
      progress.bytesDone += (Math.min(bytesRead, size) - before) * uses;
    };
    const key = layerKey(descriptor.digest, analyzers, options.settings, limits, packagesOnly);
    const cached = await options.cache?.get(key);
    let record = cached && decodeRecord(cached, descriptor.digest);
    if (record === undefined) {
      const range = image.blobRange?.(descriptor);
      const job = {
        settings,
        encode: options.cache !== undefined,
        signal,
        open: () => image.openBlob(descriptor, signal),
      };
      const onBytes = (bytes: number): void => {
        advance(bytes);
        report();
      };
      try {
        const result = await pool.run({ ...job, onBytes, ...(range ? { range } : {}) });
        const mismatch = mismatchOf(descriptor, result.record);
        if (mismatch === undefined) {
          record = result.record;
          if (result.encoded) await options.cache?.put(key, result.encoded);
        } else problems.push(lost(descriptor, 'layer-digest-mismatch', mismatch));
      } catch (error) {
        const problem = layerProblem(descriptor, error, signal);
        if (problem === undefined) throw error;
        problems.push(problem);
      }
    }
    records.set(descriptor.digest, record ?? emptyRecord(descriptor));
    progress.layersDone += uses;
    advance(size);
    report();
  }

  try {
    // Largest first, so that the last worker is not left with the longest job.
    const queue = [...distinct.values()].sort((a, b) => b.size - a.size || (a.digest < b.digest ? -1 : 1));
    await Promise.all(queue.map(one));
  } catch (error) {
    abort.abort(error);
    throw options.signal?.aborted ? options.signal.reason : error;
  } finally {
    if (own || options.pool === undefined) await pool.close();
  }
  return { records: image.layers.map(({ digest }) => records.get(digest)!), problems, progress };
}

function mismatchOf(descriptor: Descriptor, record: LayerRecord): string | undefined {
  if (record.digest !== descriptor.digest) return `its bytes have the digest ${record.digest}`;
  if (descriptor.size >= 0 && record.size !== descriptor.size)
    return `it has ${record.size} bytes, not ${descriptor.size}`;
  return undefined;
}

function layerProblem(descriptor: Descriptor, error: unknown, signal: AbortSignal): Problem | undefined {
  if (signal.aborted) return undefined;
  if (error instanceof LayerTimeout) return lost(descriptor, 'layer-limit', 'reading it took too long');
  if (!(error instanceof RegistryError) || !LAYER_ERRORS.has(error.code)) return undefined;
  const code = error.code === 'digest-mismatch' ? 'layer-digest-mismatch' : 'layer-unreadable';
  return lost(descriptor, code, error.message);
}

function lost(descriptor: Descriptor, code: string, reason: string): Problem {
  const message = `The layer was left out: ${reason.replace(/\.$/, '')}. Everything in it is missing.`;
  return { code, message, severity: 'partial', layer: descriptor.digest, source: 'layer' };
}

/** Stands for a layer that could not be read at all. */
function emptyRecord(descriptor: Descriptor): LayerRecord {
  return {
    format: 1,
    digest: descriptor.digest,
    diffId: `sha256:${'0'.repeat(64)}`,
    compression: 'none',
    size: Math.max(descriptor.size, 0),
    rawSize: 0,
    entryCount: 0,
    entries: new EntryWriter().finish(),
    whiteouts: [],
    opaques: [],
    facts: [],
    complete: false,
    problems: [],
  };
}
