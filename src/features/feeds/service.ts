import { setTimeout } from 'node:timers/promises';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { AppError, badRequest, conflict, notFound } from '#shared/errors.ts';
import { bundleBytes } from './bundle.ts';
import { deleteSource, listAlarms, listSources } from './source-store.ts';
import {
  type BuildSource,
  currentBuild,
  findBuild,
  listBuilds,
  type ProviderCount,
  previousBuild,
  rejectBuild,
} from './store.ts';
import type { FeedSettings } from './sync-dependencies.ts';
import { SYNC_JOB, type SyncPayload, SyncResult } from './sync-job.ts';
import { buildView, providerViews, sourceView } from './views.ts';

/** Milliseconds between looks at a job that a request waits for. */
const POLL_MS = 200;
/** Milliseconds for which a request waits; the work goes on after that. */
const WAIT_MS = 60_000;

export interface FeedServiceDependencies {
  database: Database;
  jobs: Pick<Jobs, 'send' | 'list'>;
  objects: Pick<ObjectStore, 'open'>;
  settings(): FeedSettings;
}

/** What a synchronisation that a request asked for came to; `running`: it goes on after the request. */
export type SyncOutcome = SyncResult | { running: true; job: string };

export type FeedService = ReturnType<typeof createFeedService>;

/** Providers that are data sets of their own in the API. */
const OWN_DATASETS: Record<string, string> = { kev: 'kev_db', epss: 'epss_db' };

/** The vulnerability data of the installation. */
export function createFeedService({ database, jobs, objects, settings }: FeedServiceDependencies) {
  const { db } = database;

  async function heldBuild(checksum: string): Promise<void> {
    const build = await findBuild(db, checksum);
    if (!build) throw notFound(`feed build ${checksum} is not known`);
    if (build.state !== 'held') throw conflict(`feed build ${checksum} is not held, it is ${build.state}`);
  }

  return {
    /** Builds known, newest first. */
    builds: async () => (await listBuilds(db)).map(buildView),

    async build(checksum: string) {
      const row = await findBuild(db, checksum);
      if (!row) throw notFound(`feed build ${checksum} is not known`);
      return buildView(row);
    },

    /** Sources with their last good copies. */
    sources: async () => (await listSources(db)).map(sourceView),

    /** Forgets an imported source; the next synchronisation makes a build without it. */
    async forgetSource(name: string): Promise<void> {
      const source = (await listSources(db)).find((row) => row.name === name);
      if (!source) throw notFound(`feed source ${name} is not known`);
      if (source.origin === 'configured')
        throw conflict(`feed source ${name} stands in the settings: take it out there (feeds.sources)`);
      await deleteSource(db, name);
    },

    /** Providers of the build in use, with counts and age. */
    async providers() {
      const build = await currentBuild(db);
      if (!build) return [];
      const { maxAgeDays, excludeProviders } = settings();
      const alarms = new Map((await listAlarms(db)).map((row) => [row.provider, row.raised_at]));
      return providerViews(build, { now: new Date(), maxAgeDays, excluded: excludeProviders, alarms });
    },

    /** Queues the switch to a held build. */
    async approve(checksum: string, by: string) {
      await heldBuild(checksum);
      await jobs.send<SyncPayload>(
        db,
        SYNC_JOB,
        { approve: { checksum, by }, force: false },
        { key: `approve ${checksum}` },
      );
      return this.settled(checksum, `approve ${checksum}`);
    },

    async reject(checksum: string, by: string) {
      await heldBuild(checksum);
      await database.transaction(async (tx) => {
        if (!(await rejectBuild(tx, checksum, by))) throw conflict(`feed build ${checksum} is not held`);
        await appendEvent(tx, {
          name: 'feed_build_rejected',
          account: 'admin',
          resource_id: checksum,
          details: { by },
        });
      });
      return this.build(checksum);
    },

    /** Queues the way back to the previous build. */
    async rollback(by: string) {
      const to = await previousBuild(db);
      if (!to) throw conflict('there is no previous build to go back to');
      await jobs.send<SyncPayload>(db, SYNC_JOB, { rollback: { by }, force: false }, { key: 'rollback' });
      return this.settled(to.checksum, 'rollback');
    },

    /** The build after the job of this key has ended, or as it is when that takes long. */
    async settled(checksum: string, key: string) {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const [job] = await jobs.list({ kind: SYNC_JOB, key, limit: 1 });
        if (job?.state === 'failed' || job?.state === 'cancelled')
          throw new AppError(500, `the switch failed: ${job.error ?? 'it was cancelled'}`, {
            type: 'feed_switch_failed',
          });
        if (!job || job.state === 'completed' || Date.now() > deadline) return this.build(checksum);
        await setTimeout(POLL_MS);
      }
    },

    /** One file with everything that the build in use was made of. */
    async bundle() {
      const build = await currentBuild(db);
      if (!build) throw notFound('there is no vulnerability data yet');
      return bundleBytes(objects, build, bundleSources(build), new Date());
    },

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
          enabled: !settings().excludeProviders.includes(group.id),
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
     * Has a worker look for a new build now, and waits for the end, a minute at most. 409 while another synchronisation
     * runs. A caller who goes away does not end it.
     */
    async sync(force: boolean, signal: AbortSignal): Promise<SyncOutcome> {
      const deadline = Date.now() + WAIT_MS;
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
        if (Date.now() > deadline) return { running: true, job: id };
        await setTimeout(POLL_MS, undefined, { signal });
      }
    },

    /** Queues the import of an uploaded archive that lies in the object store. */
    async importUpload(upload: { key: string; checksum: string; feed?: string }): Promise<void> {
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

/** What a build was made of; one of before sources were kept apart is its database alone. */
function bundleSources(build: NonNullable<Awaited<ReturnType<typeof currentBuild>>>): BuildSource[] {
  const sources = build.sources as BuildSource[];
  if (sources.length > 0 || build.archive_key === null) return sources;
  return [
    {
      name: 'vulnerability_db',
      kind: 'grype-v6',
      checksum: build.checksum,
      object_key: build.archive_key,
      size: Number(build.archive_size ?? 0),
      schema_version: build.schema_version,
      captured_at: build.built_at.toISOString(),
      location: build.source,
    },
  ];
}

/** The source that an uploaded data set is; undefined for the database, or a bundle of all. Throws 400. */
export function uploadedSource(feed: string): string | undefined {
  if (feed === 'vulnerability_db' || feed === 'vulnerabilities' || feed === 'grypedb') return undefined;
  if (feed === 'kev_db' || feed === 'epss_db') return feed;
  throw badRequest(`unknown feed ${feed}: vulnerability_db, kev_db and epss_db can be uploaded`);
}
