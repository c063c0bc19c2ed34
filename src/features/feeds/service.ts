import { setTimeout } from 'node:timers/promises';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { findBuild, listBuilds, type ProviderCount } from './store.ts';
import { SYNC_JOB, type SyncPayload, SyncResult } from './sync-job.ts';

/** Milliseconds between looks at a job that a request waits for. */
const POLL_MS = 200;

export interface FeedServiceDependencies {
  database: Database;
  jobs: Pick<Jobs, 'send' | 'list'>;
}

export type FeedService = ReturnType<typeof createFeedService>;

/** Providers that are data sets of their own in the API. */
const OWN_DATASETS: Record<string, string> = { kev: 'kev_db', epss: 'epss_db' };

/** The vulnerability data of the installation. */
export function createFeedService({ database, jobs }: FeedServiceDependencies) {
  const { db } = database;

  return {
    /** Builds known, newest first. */
    builds: () => listBuilds(db),

    /** The current build as the API lists feeds: one for matching, one each for KEV and EPSS. */
    async list() {
      const builds = await listBuilds(db);
      const current = builds.find((build) => build.state === 'current');
      if (!current) return [emptyFeed()];
      const providers = current.providers as unknown as ProviderCount[];
      const received = (current.switched_at ?? current.received_at).toISOString();
      const built = current.built_at.toISOString();
      const feed = (name: string, dataset: string, groups: ProviderCount[]) => ({
        name,
        version: current.schema_version,
        created_at: current.received_at.toISOString(),
        updated_at: received,
        data_service_built_at: built,
        enterprise_received_at: received,
        last_full_sync: received,
        enabled: true,
        dataset_name: dataset,
        dataset_checksum: current.checksum,
        groups: groups.map((group) => ({
          name: group.id,
          data_service_built_at: group.capturedAt ? new Date(group.capturedAt).toISOString() : built,
          enterprise_received_at: received,
          created_at: current.received_at.toISOString(),
          last_sync: received,
          record_count: group.records,
          enabled: true,
        })),
      });
      return [
        feed(
          'vulnerabilities',
          'vulnerability_db',
          providers.filter((provider) => !OWN_DATASETS[provider.id]),
        ),
        ...providers
          .filter((provider) => OWN_DATASETS[provider.id])
          .map((provider) => feed(OWN_DATASETS[provider.id]!, OWN_DATASETS[provider.id]!, [provider])),
      ];
    },

    /**
     * Has a worker look for a new build now, and waits for the end. 409 while another synchronisation runs. A caller who
     * goes away does not end it.
     */
    async sync(force: boolean, signal: AbortSignal): Promise<SyncResult> {
      const running = await jobs.list({ kind: SYNC_JOB, state: ['active'], limit: 1 });
      const id =
        running.length > 0 ? undefined : await jobs.send<SyncPayload>(db, SYNC_JOB, { force }, { key: 'latest' });
      if (id === undefined) {
        throw new AppError(409, 'a feed synchronisation is already in progress', {
          detail: { error_codes: ['FEED_SYNC_ALREADY_IN_PROGRESS'] },
        });
      }
      for (;;) {
        const [job] = await jobs.list({ id });
        if (job?.state === 'completed') return SyncResult.parse(job.progress?.result);
        if (!job || job.state === 'failed' || job.state === 'cancelled') {
          throw new AppError(400, `feed synchronisation failed: ${job?.error ?? 'it was cancelled'}`, {
            type: 'feed_sync_failed',
            detail: { error_codes: ['FEED_SYNC_FAILED'] },
          });
        }
        await setTimeout(POLL_MS, undefined, { signal });
      }
    },

    /** Queues the import of an uploaded archive that lies in the object store. */
    async importUpload(upload: { key: string; checksum: string }): Promise<void> {
      await jobs.send<SyncPayload>(db, SYNC_JOB, { upload, force: true }, { key: upload.checksum });
    },

    async record(feed: string, version: string) {
      const builds = await listBuilds(db);
      const build = builds.find(
        (row) => (row.state === 'current' || row.state === 'previous') && row.schema_version === version,
      );
      if (!build || !['vulnerability_db', 'kev_db', 'epss_db'].includes(feed)) {
        throw notFound(`no data of feed ${feed} in version ${version}`);
      }
      const received = (build.switched_at ?? build.received_at).toISOString();
      return {
        id: build.checksum,
        name: feed,
        dataset: feed,
        data_format: 'grype-v6',
        checksum: build.checksum,
        version: build.schema_version,
        data_service_built_at: build.built_at.toISOString(),
        enterprise_received_at: received,
        built_at: build.built_at.toISOString(),
        created_at: received,
        updated_at: received,
      };
    },

    async knows(checksum: string): Promise<boolean> {
      const build = await findBuild(db, checksum);
      return build !== undefined && (build.state === 'current' || build.state === 'previous');
    },
  };
}

/** Clients wait for a feed of this name: it is listed before the first synchronisation as well. */
function emptyFeed() {
  return { name: 'vulnerabilities', enabled: true, groups: [], dataset_name: 'vulnerability_db' };
}

/** Names of data sets that may be uploaded; only the vulnerability database is a data set of its own here. */
export function checkUploadName(feed: string): void {
  if (feed === 'vulnerability_db' || feed === 'vulnerabilities' || feed === 'grypedb') return;
  if (['kev_db', 'epss_db'].includes(feed)) {
    throw badRequest(`${feed} is part of vulnerability_db here: upload that instead`);
  }
  throw badRequest(`unknown feed ${feed}: vulnerability_db can be uploaded`);
}
