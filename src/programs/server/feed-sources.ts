import { join } from 'node:path';
import {
  buildIndex,
  fetchDatabase,
  fetchSource,
  openArchiveDatabase,
  readBuildReport,
} from '#engine/vulnerabilities/index.ts';
import {
  type BuildSource,
  type FeedSettings,
  type FetchedBuild,
  type IndexSources,
  indexFolder,
  type SyncDependencies,
} from '#features/feeds/index.ts';
import type { Config } from '#platform/config/index.ts';
import type { Platform } from './platform.ts';
import type { Uploads } from './uploads.ts';

/** Provider counts and open matches below this say nothing about a build. */
const SMALLEST_COUNT = 100;

/** The settings of the area as the feature needs them; read again each time, for they may change. */
export function feedSettings({ feeds }: Pick<Config, 'feeds'>): FeedSettings {
  return {
    url: feeds.url,
    sources: feeds.sources.map((text) => {
      const at = text.indexOf('=');
      return { name: text.slice(0, at), location: text.slice(at + 1) };
    }),
    excludeProviders: feeds.exclude_providers,
    hold: {
      recordFall: feeds.hold_record_fall_percent,
      matchLoss: feeds.hold_match_loss_percent,
      smallest: SMALLEST_COUNT,
    },
    maxAgeDays: feeds.max_age_days,
  };
}

/**
 * How builds reach this machine: the configured locations, uploads, and archives in the object store. `stopping` ends
 * what no job's own signal ends; `settings` is read when it is needed.
 */
export function createFeedSources(
  platform: Platform,
  uploads: Uploads,
  stopping: AbortSignal,
  settings: () => FeedSettings,
) {
  const { outbound, temporaryDirectory, dataDirectory } = platform;
  const indexDirectory = join(dataDirectory, 'vulnerabilities');

  async function index(sources: IndexSources, job: Parameters<SyncDependencies['buildIndex']>[1]): Promise<string> {
    const result = await buildIndex({
      ...sources,
      directory: indexDirectory,
      signal: job.signal,
      onProgress: (progress) => void job.progress({ ...progress, step: 'indexing' }).catch(() => undefined),
    });
    return result.directory;
  }

  /** An archive of the object store, verified and unpacked. */
  async function openArchive(key: string, checksum: string, signal: AbortSignal): Promise<FetchedBuild> {
    const copy = await uploads.localCopy(key);
    const build = await openArchiveDatabase(copy.path, {
      checksum,
      source: 'object store',
      directory: temporaryDirectory,
      signal,
    }).catch(async (error: unknown) => {
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
  }

  return {
    indexDirectory,
    settings,
    buildIndex: index,
    openArchive,
    localCopy: (key: string) => uploads.localCopy(key),
    readReport: readBuildReport,
    fetchLatest: (known: string | undefined, job: Parameters<SyncDependencies['fetchLatest']>[1]) =>
      fetchDatabase({
        location: settings().url,
        fetcher: outbound,
        directory: temporaryDirectory,
        known,
        signal: job.signal,
        onProgress: (progress) => void job.progress({ ...progress, step: 'downloading' }).catch(() => undefined),
      }),
    fetchSource: (...[source, known, job]: Parameters<SyncDependencies['fetchSource']>) =>
      fetchSource({ ...source, known, fetcher: outbound, directory: temporaryDirectory, signal: job.signal }),
    /** Makes this machine's index of a build that another process brought in. */
    async buildFromArchive(build: { checksum: string; archive_key: string | null; sources: unknown }): Promise<string> {
      const folder = join(indexDirectory, indexFolder(build.checksum));
      if (readBuildReport(folder)) return folder; // undefined: none, or one that another version of the program made
      const disposals: (() => Promise<void>)[] = [];
      try {
        const task: IndexSources = { checksum: build.checksum, further: [] };
        const base = baseOf(build);
        if (base) {
          const fetched = await openArchive(base.object_key, base.checksum, stopping);
          disposals.push(() => fetched.dispose());
          task.database = fetched.databasePath;
        }
        for (const { name, kind, object_key: key, captured_at: capturedAt } of build.sources as BuildSource[]) {
          if (kind === 'grype-v6') continue;
          const copy = await uploads.localCopy(key);
          disposals.push(() => copy.dispose());
          task.further.push({ name, path: copy.path, ...(capturedAt === null ? {} : { capturedAt }) });
        }
        return await index(task, { signal: stopping, progress: async () => undefined });
      } finally {
        for (const dispose of disposals) await dispose();
      }
    },
  };
}

/** The database of a build; builds of before sources were kept apart have no other part. */
function baseOf(build: {
  checksum: string;
  archive_key: string | null;
  sources: unknown;
}): { object_key: string; checksum: string } | undefined {
  const sources = build.sources as BuildSource[];
  if (sources.length > 0) return sources.find(({ kind }) => kind === 'grype-v6');
  return build.archive_key === null ? undefined : { object_key: build.archive_key, checksum: build.checksum };
}
