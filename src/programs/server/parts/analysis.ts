import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { DEFAULT_SETTINGS } from '#engine/analysis/default-settings.ts';
import type { AnalyzerSettings } from '#engine/analyzers/types.ts';
import { openArchive } from '#engine/image/index.ts';
import type { Digest } from '#engine/model/digest.ts';
import { applyToNewAnalysis } from '#features/corrections/index.ts';
import { analyzeJob } from '#features/images/index.ts';
import { createMalwareService } from '#features/malware/index.ts';
import { createClamdClient } from '#platform/clamd/index.ts';
import { createLayerCache } from '../layer-cache.ts';
import type { Platform } from '../platform.ts';
import type { Part, Wiring } from './part.ts';

/** Refuses images above the operator's limit; a negative limit is none. */
function checkSize(bytes: number, limit: number): void {
  const size = Math.ceil(bytes / 1024 ** 2);
  if (limit >= 0 && size > limit) {
    throw new Error(
      `the image has ${size} MB compressed, more than the limit of ${limit} MB (max_compressed_image_size_mb)`,
    );
  }
}

/** What the operator wants to be searched for and kept. Throws when the file cannot be read or used. */
async function analyzerSettings(
  { analyzer_config_file: file, enable_hints: hints }: Platform['config']['analysis'],
  log: Platform['log'],
): Promise<AnalyzerSettings> {
  const defaults = hints ? { ...DEFAULT_SETTINGS, hints } : DEFAULT_SETTINGS;
  if (file === undefined) return defaults;
  const { readAnalyzerConfig } = await import('#engine/analysis/analyzer-config.ts');
  try {
    const { settings, unused } = readAnalyzerConfig(await readFile(file, 'utf8'), defaults);
    if (unused.length > 0) log.warn({ file, keys: unused }, 'keys of the analyzer configuration without effect');
    return settings;
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new Error(`the analyzer configuration ${file} (analysis.analyzer_config_file) cannot be used: ${reason}`, {
      cause,
    });
  }
}

/** All analyzers, and the threads that read layers. Many sources: processes that analyse nothing do without them. */
async function loadEngine(settings: AnalyzerSettings) {
  const { analyzeImage, analyzerSetVersion, createLayerPool } = await import('#engine/analysis/index.ts');
  const { analyzers } = await import('#engine/analyzers/index.ts');
  const pool = createLayerPool({ size: Math.min(4, availableParallelism()) });
  // Analyses by other settings are not used again.
  const own = settings === DEFAULT_SETTINGS ? '' : `+${hash('sha256', JSON.stringify(settings)).slice(0, 8)}`;
  return { analyzeImage, version: analyzerSetVersion(analyzers) + own, pool };
}

/** The analysis of images: layer workers, the cache of layers, and what follows an analysis. */
export async function wireAnalysis(wiring: Wiring): Promise<Part> {
  const { platform, registries, gateway, revisions, uploads, findings, corrections, evaluations } = wiring;
  const { config, database, objects, jobs, log, hostId, temporaryDirectory } = platform;
  const settings = await analyzerSettings(config.analysis, log);
  let loaded: ReturnType<typeof loadEngine> | undefined;
  const engine = (): ReturnType<typeof loadEngine> => {
    loaded ??= loadEngine(settings);
    return loaded;
  };
  const cache = createLayerCache(objects, (error) => log.warn({ err: error }, 'the layer cache could not be written'));
  const { clamav_address: address, clamav_timeout_seconds, clamav_max_file_mb } = config.analysis;
  const timeoutMs = clamav_timeout_seconds * 1000;
  const malware =
    address === undefined
      ? undefined
      : createMalwareService({
          database,
          connect: () => createClamdClient({ address, timeoutMs }),
          maxFileBytes: clamav_max_file_mb * 2 ** 20,
          timeoutMs,
          temporaryDirectory,
        });
  jobs.define(
    analyzeJob({
      database,
      objects,
      registries,
      gateway,
      revisions,
      analyzerVersion: async () => (await engine()).version,
      concurrency: config.analysis.workers,
      host: hostId,
      analyze: async (image, { signal, onProgress }) => {
        checkSize(image.metadata.size, config.analysis.max_compressed_image_size_mb);
        const { analyzeImage, pool, version } = await engine();
        const until = AbortSignal.any([signal, AbortSignal.timeout(config.analysis.timeout_seconds * 1000)]);
        const analysis = await analyzeImage(image, {
          settings,
          pool,
          cache,
          spoolDirectory: temporaryDirectory,
          signal: until,
          onProgress: (progress) => onProgress({ ...progress }),
        });
        const versioned = { ...analysis, analyzerVersion: version };
        if (!malware) return versioned;
        onProgress({ stage: 'malware' });
        const { problems, ...scanned } = await malware.scan(image, analysis, until);
        return { ...versioned, ...scanned, problems: [...analysis.problems, ...problems] };
      },
      async openUploaded(key, digest) {
        const copy = await uploads.localCopy(key);
        try {
          const names = await gateway.openArchive(copy.path);
          const chosen = names.find(({ image }) => image.metadata.manifestDigest === digest);
          for (const { image } of names) if (image !== chosen?.image) await image.close();
          const image =
            chosen?.image ??
            (await openArchive(copy.path, { name: digest as Digest, spoolDirectory: temporaryDirectory }));
          return {
            image,
            dispose: async () => {
              await image.close();
              await copy.dispose();
            },
          };
        } catch (error) {
          await copy.dispose();
          throw error;
        }
      },
      async match(analysisId) {
        await findings.matchAnalysis(analysisId);
        await applyToNewAnalysis(corrections, analysisId);
      },
      evaluate: async (account, digest, tags) => {
        for (const tag of tags) {
          await evaluations
            .evaluateImage({ account, digest, tag })
            .catch((error: unknown) =>
              log.warn(
                { err: error, account, digest, tag },
                'evaluation after analysis failed; it is made on the next read',
              ),
            );
        }
      },
    }),
  );
  return { routes: [], stop: async () => (await loaded)?.pool.close() };
}
