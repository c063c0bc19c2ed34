import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildIndex, fetchDatabase, openArchiveDatabase } from '#engine/vulnerabilities/index.ts';
import { type FetchedBuild, indexFolder, type SyncDependencies } from '#features/feeds/index.ts';
import type { Platform } from './platform.ts';
import type { Uploads } from './uploads.ts';

/**
 * How builds reach this machine: the configured location, uploads, and archives in the object store. `stopping` ends
 * what no job's own signal ends.
 */
export function createFeedSources(platform: Platform, uploads: Uploads, stopping: AbortSignal) {
  const { config, outbound, temporaryDirectory, dataDirectory } = platform;
  const indexDirectory = join(dataDirectory, 'vulnerabilities');

  const index: SyncDependencies['buildIndex'] = async (build, job) => {
    const result = await buildIndex({
      database: build.databasePath,
      directory: indexDirectory,
      checksum: build.checksum,
      signal: job.signal,
      onProgress: (progress) => void job.progress({ ...progress, step: 'indexing' }).catch(() => undefined),
    });
    return result.directory;
  };

  async function fromFile(path: string, checksum: string, source: string, signal?: AbortSignal): Promise<FetchedBuild> {
    return openArchiveDatabase(path, {
      checksum,
      source,
      directory: temporaryDirectory,
      ...(signal ? { signal } : {}),
    });
  }

  return {
    indexDirectory,
    buildIndex: index,
    fetchLatest: (known: string | undefined, job: Parameters<SyncDependencies['fetchLatest']>[1]) =>
      fetchDatabase({
        location: config.feeds.url,
        fetcher: outbound,
        directory: temporaryDirectory,
        known,
        signal: job.signal,
        onProgress: (progress) => void job.progress({ ...progress, step: 'downloading' }).catch(() => undefined),
      }),
    async fetchUploaded(key: string, checksum: string, signal: AbortSignal): Promise<FetchedBuild> {
      const copy = await uploads.localCopy(key);
      const build = await fromFile(copy.path, checksum, 'upload', signal).catch(async (error) => {
        await copy.dispose();
        throw error;
      });
      return {
        ...build,
        dispose: async () => {
          await build.dispose();
          await copy.dispose();
        },
      };
    },
    /** Makes this machine's index of a build that another process brought in. */
    async buildFromArchive(build: { checksum: string; archive_key: string }): Promise<string> {
      const folder = join(indexDirectory, indexFolder(build.checksum));
      if (existsSync(folder)) return folder;
      const copy = await uploads.localCopy(build.archive_key);
      try {
        const fetched = await fromFile(copy.path, build.checksum, 'object store', stopping);
        try {
          return await index(fetched, { signal: stopping, progress: async () => undefined });
        } finally {
          await fetched.dispose();
        }
      } finally {
        await copy.dispose();
      }
    },
  };
}
