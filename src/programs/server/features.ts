import { availableParallelism } from 'node:os';
import { analyzeImage, analyzerSetVersion, createLayerPool, DEFAULT_SETTINGS } from '#engine/analysis/index.ts';
import { analyzers } from '#engine/analyzers/index.ts';
import { openArchive } from '#engine/image/index.ts';
import type { Digest } from '#engine/model/digest.ts';
import { DEFAULT_MATCH_SETTINGS, MATCHER_VERSION, openIndex } from '#engine/vulnerabilities/index.ts';
import type { MatchSettings } from '#engine/vulnerabilities/types.ts';
import { type Accounts, createAccounts } from '#features/accounts/index.ts';
import { appendEvent, eventRoutes } from '#features/events/index.ts';
import {
  createCurrentIndex,
  createFeedService,
  feedRoutes,
  REMATCH_JOB,
  rematchJob,
  type SyncDependencies,
  syncJob,
} from '#features/feeds/index.ts';
import { createFindingService, createPolicyFacts, findingRoutes } from '#features/findings/index.ts';
import {
  analyzeJob,
  createAccountRevisions,
  createImageService,
  createRegistryGateway,
  imageRoutes,
} from '#features/images/index.ts';
import { overviewRoutes } from '#features/overview/index.ts';
import {
  createEvaluationService,
  createPolicyService,
  policyRoutes,
  REEVALUATE_JOB,
  reevaluateJob,
} from '#features/policies/index.ts';
import { createRegistryService, registryRoutes } from '#features/registries/index.ts';
import { addTagsJob, createRepositoryService, repositoryRoutes } from '#features/repositories/index.ts';
import { createSubscriptionService, subscriptionRoutes } from '#features/subscriptions/index.ts';
import { createLiveSettings, createSystem, type System } from '#features/system/index.ts';
import { v1Routes } from '#features/v1/index.ts';
import type { Config } from '#platform/config/index.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { createFeedSources } from './feed-sources.ts';
import { housekeepingJob } from './housekeeping.ts';
import { createLayerCache } from './layer-cache.ts';
import type { Platform } from './platform.ts';
import { createUploads } from './uploads.ts';
import { versions } from './versions.ts';

/** Package types that are looked up by CPE as well when the operator wants it. */
const BY_CPE = ['npm', 'python', 'gem', 'rust-crate', 'dotnet', 'hex', 'java-archive', 'go-module'] as const;

function matchSettings({ feeds }: Config): MatchSettings {
  if (!feeds.search_by_cpe) return DEFAULT_MATCH_SETTINGS;
  return { ...DEFAULT_MATCH_SETTINGS, cpe: Object.fromEntries(BY_CPE.map((type) => [type, true])) };
}

/** Refuses images above the operator's limit; a negative limit is none. */
function checkSize(bytes: number, limit: number): void {
  const size = Math.ceil(bytes / 1024 ** 2);
  if (limit >= 0 && size > limit) {
    throw new Error(
      `the image has ${size} MB compressed, more than the limit of ${limit} MB (max_compressed_image_size_mb)`,
    );
  }
}

/** Everything that the product does, put together. */
export interface Features {
  routes: BoundOperation[];
  accounts: Accounts;
  system: System;
  /** Loads the vulnerability index; call once the queue runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the features to each other and to the platform, and registers their jobs. The order follows who needs whom. */
export async function createFeatures(platform: Platform, baseUrl: () => string): Promise<Features> {
  const { config, database, objects, jobs, log, secrets, hostId, temporaryDirectory } = platform;
  const live = createLiveSettings({ database, config });
  await live.load();
  const uploads = createUploads(platform);
  const stopping = new AbortController();
  const sources = createFeedSources(platform, uploads, stopping.signal);
  const revisions = await createAccountRevisions(database);

  const accounts = createAccounts({
    database,
    jobs,
    secrets,
    settings: live.settings.auth,
  });
  const system = createSystem({
    database,
    versions: await versions(database),
    live,
    process: { roles: config.server.roles, hostId, baseUrl: baseUrl() },
    applyLogLevel: (_service, level) => {
      log.level = level ?? config.logging.level;
    },
    onServiceTransition: async (tx, transition) => {
      await appendEvent(tx, {
        name: transition.state === 'down' ? 'service_down' : 'service_removed',
        account: 'admin',
        resource_id: transition.base_url,
        details: { service_name: transition.service_name, host_id: transition.host_id, cause: 'no heartbeat' },
      });
    },
    onError: (error) => log.error({ err: error }, 'service registry'),
  });

  const gateway = createRegistryGateway({ fetcher: platform.outbound, spoolDirectory: temporaryDirectory });
  const registries = createRegistryService({
    database,
    encrypt: secrets.encryptSecret,
    decrypt: secrets.decryptSecret,
    ping: gateway.ping,
  });
  const images = createImageService({ database, objects, jobs, registries, gateway, revisions, host: hostId });
  const repositories = createRepositoryService({ database, jobs, registries, gateway });

  const current = await createCurrentIndex({
    database,
    objects,
    directory: sources.indexDirectory,
    openIndex: async (directory) => openIndex(directory),
    buildFromArchive: sources.buildFromArchive,
    log,
  });
  const findings = createFindingService({
    database,
    objects,
    images,
    currentIndex: current.get,
    settings: matchSettings(config),
    matcherVersion: MATCHER_VERSION,
  });
  const policyFacts = createPolicyFacts({ database, objects, images, findings, currentIndex: current.get });
  const policies = createPolicyService({
    database,
    emit: appendEvent,
    activeChanged: async (tx, account) => void (await jobs.send(tx, REEVALUATE_JOB, { account }, { key: account })),
  });
  const evaluations = createEvaluationService({
    database,
    loadFacts: (db, account, digest) => policyFacts.load(db, account, digest),
    inputDigest: (db, account, digest) => policyFacts.inputDigest(db, account, digest),
    emit: appendEvent,
  });
  accounts.onAccountCreated((tx, account) => policies.installDefault(tx, account));

  const sync: SyncDependencies = {
    database,
    objects,
    jobs,
    current,
    ...sources,
    rematch: async (index, job) => {
      const delta = await findings.rematch(index, {
        signal: job.signal,
        onProgress: (done) => void job.progress({ packages_done: done }).catch(() => undefined),
      });
      const rows = await database.db.selectFrom('account').select('name').execute();
      await database.transaction(async (tx) => {
        for (const { name } of rows) await revisions.touch(tx, name);
      });
      log.info({ ...delta, checksum: index.checksum }, 'matches brought to the new vulnerability data');
      await jobs.send(database.db, REEVALUATE_JOB, {}, { key: 'all' });
    },
    enqueueRematch: async () => void (await jobs.send(database.db, REMATCH_JOB, {}, { key: 'rematch' })),
  };
  const feeds = createFeedService({
    database,
    jobs,
  });

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
      match: (analysisId) => findings.matchAnalysis(analysisId),
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
  jobs.define(addTagsJob(images));
  jobs.define(syncJob(sync));
  jobs.define(rematchJob(sync));
  jobs.define(
    reevaluateJob({
      database,
      evaluations,
      changed: (account) => database.transaction((tx) => revisions.touch(tx, account)),
      onError: (error, tag) => log.warn({ err: error, ...tag }, 'a tag could not be judged'),
    }),
  );
  jobs.define(housekeepingJob({ platform, accounts, system, revisions }));

  const routes = [
    ...accounts.routes,
    ...system.routes,
    ...imageRoutes({ images, revisions, database }),
    ...registryRoutes(registries),
    ...repositoryRoutes(repositories),
    ...subscriptionRoutes(createSubscriptionService({ database })),
    ...eventRoutes({ database }),
    ...feedRoutes({ feeds, receiveArchive: uploads.feedArchive }),
    ...findingRoutes({ database, findings, currentIndex: current.get }),
    ...policyRoutes({ policies, evaluations }),
    ...overviewRoutes({ database, images, jobs, findings, feeds, receiveArchive: uploads.imageArchive }),
  ];

  return {
    routes: [...routes, ...v1Routes({ bound: routes, findings })],
    accounts,
    system,
    async start() {
      await current
        .refresh()
        .catch(
          (error: unknown) =>
            stopping.signal.aborted || log.error({ err: error }, 'the vulnerability index could not be loaded'),
        );
    },
    async stop() {
      stopping.abort();
      await current.close();
      await pool.close();
    },
  };
}
