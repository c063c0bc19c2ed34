import { availableParallelism } from 'node:os';
import { analyzeImage, analyzerSetVersion, createLayerPool, DEFAULT_SETTINGS } from '#engine/analysis/index.ts';
import { analyzers } from '#engine/analyzers/index.ts';
import { openArchive } from '#engine/image/index.ts';
import type { Digest } from '#engine/model/digest.ts';
import { applyToNewAnalysis } from '#features/corrections/index.ts';
import { analyzeJob } from '#features/images/index.ts';
import { createLayerCache } from '../layer-cache.ts';
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

/** The analysis of images: layer workers, the cache of layers, and what follows an analysis. */
export function wireAnalysis(wiring: Wiring): Part {
  const { platform, registries, gateway, revisions, uploads, findings, corrections, evaluations } = wiring;
  const { config, database, objects, jobs, log, hostId, temporaryDirectory } = platform;
  const pool = createLayerPool({ size: Math.min(4, availableParallelism()) });
  const cache = createLayerCache(objects, (error) => log.warn({ err: error }, 'the layer cache could not be written'));
  jobs.define(
    analyzeJob({
      database,
      objects,
      registries,
      gateway,
      revisions,
      analyzerVersion: analyzerSetVersion(analyzers),
      concurrency: config.analysis.workers,
      host: hostId,
      analyze: async (image, { signal, onProgress }) => {
        checkSize(image.metadata.size, config.analysis.max_compressed_image_size_mb);
        return analyzeImage(image, {
          settings: DEFAULT_SETTINGS,
          pool,
          cache,
          spoolDirectory: temporaryDirectory,
          signal: AbortSignal.any([signal, AbortSignal.timeout(config.analysis.timeout_seconds * 1000)]),
          onProgress: (progress) => onProgress({ ...progress }),
        });
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
  return { routes: [], stop: () => pool.close() };
}
