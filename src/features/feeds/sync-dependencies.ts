import type { FetchedSource, KnownSource } from '#engine/vulnerabilities/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobContext, Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { CurrentIndex, IndexSources } from './current-index.ts';
import type { HoldLimits, ProviderMatches } from './hold.ts';

/** A database build, verified, in local files. */
export interface FetchedBuild {
  checksum: string;
  schemaVersion: string;
  /** RFC 3339. */
  builtAt: string;
  /** Where it came from, for people. */
  source: string;
  /** The archive as fetched; kept in the object store, from which other machines make their index. */
  archivePath: string;
  /** The SQLite file in it. */
  databasePath: string;
  dispose(): Promise<void>;
}

/** What the operator set, as of now. */
export interface FeedSettings {
  /** Address of the database; `none` for an installation that has further sources alone. */
  url: string;
  sources: { name: string; location: string }[];
  excludeProviders: string[];
  hold: HoldLimits;
  maxAgeDays: number;
}

/** The part of a job that its work needs. */
export type RunningJob = Pick<JobContext, 'signal' | 'progress'>;

/** What the synchronisation works with. */
export interface SyncDependencies {
  database: Database;
  objects: ObjectStore;
  jobs: Pick<Jobs, 'list'>;
  current: CurrentIndex;
  indexDirectory: string;
  settings(): FeedSettings;
  /**
   * Looks for a database at the configured location and fetches it, or returns undefined when the newest one is
   * `known`. Throws FeedError.
   */
  fetchLatest(known: string | undefined, job: RunningJob): Promise<FetchedBuild | undefined>;
  /** Verifies an archive of the object store and unpacks it. Throws FeedError. */
  openArchive(key: string, checksum: string, signal: AbortSignal): Promise<FetchedBuild>;
  /** Fetches a further source; undefined when it is unchanged. Throws FeedError. */
  fetchSource(
    source: { name: string; location: string },
    known: KnownSource,
    job: RunningJob,
  ): Promise<FetchedSource | undefined>;
  /** A local copy of an object. */
  localCopy(key: string): Promise<{ path: string; dispose(): Promise<void> }>;
  /** Makes the index of these sources, or finds it finished; returns its folder. Throws FeedError. */
  buildIndex(sources: IndexSources, job: RunningJob): Promise<string>;
  /** Makes this machine's index of a build whose sources lie in the object store. */
  buildFromArchive(build: { checksum: string; archive_key: string | null; sources: unknown }): Promise<string>;
  /** What a finished index could not take as it should. */
  readReport(directory: string): unknown;
  /** Matches that a build would open and close, by provider. Without it records alone decide whether a build is held. */
  previewDelta?(
    from: VulnerabilityIndex | undefined,
    to: VulnerabilityIndex,
    options: { signal: AbortSignal },
  ): Promise<{ providers: Record<string, ProviderMatches> }>;
  /** Matches every distinct package against the new index; called after the switch, again until it succeeds. */
  rematch(index: VulnerabilityIndex, job: RunningJob): Promise<void>;
  /** Queues it in the transaction of the switch: a process that dies right after that leaves nothing undone. */
  enqueueRematch(tx: Db): Promise<void>;
}
