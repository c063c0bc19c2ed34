import { MATCHER_VERSION, openIndex } from '#engine/vulnerabilities/index.ts';
import { type Accounts, createAccounts } from '#features/accounts/index.ts';
import { advisoryRoutes, createAdvisoryService } from '#features/advisories/index.ts';
import { insertEntry, recordChanges } from '#features/audit/index.ts';
import type { ApplyDependencies } from '#features/corrections/index.ts';
import { appendEvent, eventRoutes } from '#features/events/index.ts';
import {
  createCurrentIndex,
  createFeedService,
  FRESHNESS_JOB,
  feedRoutes,
  freshnessJob,
  REMATCH_JOB,
  rematchJob,
  type SyncDependencies,
  syncJob,
} from '#features/feeds/index.ts';
import { createFindingService, createPolicyFacts, findingRoutes } from '#features/findings/index.ts';
import {
  createAccountRevisions,
  createImageService,
  createRegistryGateway,
  imageRoutes,
} from '#features/images/index.ts';
import { createInventoryService, inventoryRetention } from '#features/inventory/index.ts';
import { dispatchAll } from '#features/notifications/index.ts';
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
import { identityProviderOf } from '#features/sso/index.ts';
import { createSubscriptionService, subscriptionRoutes } from '#features/subscriptions/index.ts';
import { createLiveSettings, createSystem, type System } from '#features/system/index.ts';
import { v1Routes } from '#features/v1/index.ts';
import { judgementDigest, judgementsOf } from '#features/vex/index.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import { createFeedSources, feedSettings } from './feed-sources.ts';
import { housekeepingJob } from './housekeeping.ts';
import { matchSettings } from './match-settings.ts';
import { PARTS } from './parts/index.ts';
import type { Part, Wiring } from './parts/part.ts';
import type { Platform } from './platform.ts';
import { createUploads } from './uploads.ts';
import { versions } from './versions.ts';

/** Everything that the product does, put together. */
export interface Features {
  routes: BoundOperation[];
  accounts: Accounts;
  system: System;
  /** Starts recurring work and loads the vulnerability index; call once the queue runs. What fails is logged. */
  start(): Promise<void>;
  /** Breaks a start off that is not over yet; call before the queue stops. */
  endStart(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the features to each other and to the platform, and registers their jobs. The order follows who needs whom. */
export async function createFeatures(platform: Platform, baseUrl: () => string): Promise<Features> {
  const { config, database, objects, jobs, log, secrets, hostId, temporaryDirectory } = platform;
  const live = createLiveSettings({ database, config });
  await live.load();
  const uploads = createUploads(platform);
  const stopping = new AbortController();
  const sources = createFeedSources(platform, uploads, stopping.signal, () => feedSettings(live.settings));
  const revisions = await createAccountRevisions(database);

  const accounts = createAccounts({
    database,
    jobs,
    secrets,
    settings: live.settings.auth,
    findIdentityProvider: identityProviderOf,
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
        name: `service_${transition.state}`,
        account: 'admin',
        resource_id: transition.base_url,
        details: { service_name: transition.service_name, host_id: transition.host_id, cause: 'no heartbeat' },
      });
    },
    onConfigurationChange: async (tx, { key, ...details }) => {
      await appendEvent(tx, { name: 'configuration_changed', account: 'admin', resource_id: key, details });
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
  const images = createImageService({
    database,
    objects,
    jobs,
    registries,
    gateway,
    revisions,
    host: hostId,
    userBaseImages: config.vex.user_base_images,
  });
  const repositories = createRepositoryService({ database, jobs, registries, gateway });

  const current = await createCurrentIndex({
    database,
    objects,
    directory: sources.indexDirectory,
    openIndex: async (directory) => openIndex(directory),
    buildFromArchive: sources.buildFromArchive,
    log,
  });
  const advisories = createAdvisoryService({
    database,
    async changed(tx, account) {
      await revisions.touch(tx, account);
      await jobs.send(tx, REEVALUATE_JOB, { account }, { key: account });
    },
  });
  const findings = createFindingService({
    database,
    objects,
    images,
    currentIndex: current.get,
    settings: matchSettings(live.settings, log),
    matcherVersion: MATCHER_VERSION,
    changed: async (tx, { run, accounts }) => {
      for (const account of accounts) await revisions.touch(tx, account);
      await jobs.send(tx, REEVALUATE_JOB, { run }, { key: `run-${run}` });
    },
    privateMatches: (account, packages, settings) => advisories.matches(account, packages, settings),
    annotationsOf: (account, image, rows) => judgementsOf(database.db, account, image, rows),
  });
  const corrections: ApplyDependencies = {
    database,
    objects,
    matchPackages: findings.matchPackages,
    async changed(tx, account) {
      await revisions.touch(tx, account);
      await jobs.send(tx, REEVALUATE_JOB, { account });
    },
  };
  const policyFacts = createPolicyFacts({
    database,
    objects,
    images,
    findings,
    currentIndex: current.get,
    vexInPolicy: config.vex.in_policy,
    annotationDigest: judgementDigest,
    advisoryDigest: advisories.stamp,
  });
  const policies = createPolicyService({
    database,
    emit: appendEvent,
    // Without a key: a run that is under way may have judged some tags by the former policy.
    activeChanged: async (tx, account) => void (await jobs.send(tx, REEVALUATE_JOB, { account })),
  });
  const verdictHooks: Parameters<Wiring['onVerdict']>[0][] = [];
  const evaluations = createEvaluationService({
    database,
    loadFacts: (db, account, digest) => policyFacts.load(db, account, digest),
    inputDigest: (db, account, digest) => policyFacts.inputDigest(db, account, digest),
    emit: appendEvent,
    verdictChanged: async (tx, account) => {
      for (const hook of verdictHooks) await hook(tx, account);
    },
  });
  accounts.onAccountCreated((tx, account) => policies.installDefault(tx, account));

  const sync: SyncDependencies = {
    database,
    objects,
    jobs,
    current,
    ...sources,
    rematch: async (index, job) => {
      const result = await findings.rematch(index, {
        openFormer: (checksum) => current.openFor(checksum).catch(() => undefined),
        signal: job.signal,
        onProgress: (done, total) =>
          void job.progress({ packages_done: done, packages_total: total ?? null }).catch(() => undefined),
      });
      log.info({ ...result, checksum: index.checksum }, 'matches brought to the vulnerability data');
    },
    previewDelta: (from, to, options) => findings.previewDelta(from, to, options),
    enqueueRematch: async (tx) => void (await jobs.send(tx, REMATCH_JOB, {}, { key: 'rematch' })),
  };
  const feeds = createFeedService({ database, jobs, objects, settings: sources.settings });

  jobs.define(addTagsJob(images));
  jobs.define(syncJob(sync));
  jobs.define(rematchJob(sync));
  /** Other settings, or another version of the matcher, than what is stored was matched with: match again. */
  const followSettings = async (): Promise<void> => {
    const index = current.get();
    if (index && !(await findings.follows(index))) await sync.enqueueRematch(database.db);
  };
  jobs.define(freshnessJob({ database, settings: sources.settings, followSettings }));
  jobs.define(
    reevaluateJob({
      database,
      evaluations,
      changed: (account) =>
        database.transaction(async (tx) => {
          await revisions.touch(tx, account);
          // A verdict that was stored before counts again when its policy becomes active again.
          for (const hook of verdictHooks) await hook(tx, account);
        }),
      onError: (error, tag) => log.warn({ err: error, ...tag }, 'a tag could not be judged'),
    }),
  );
  jobs.define(housekeepingJob({ platform, accounts, system, revisions }));

  const inventory = createInventoryService({
    database,
    retention: () => inventoryRetention(live.settings.retention),
  });
  const wiring: Wiring = {
    platform,
    live,
    uploads,
    accounts,
    revisions,
    gateway,
    registries,
    repositories,
    images,
    current,
    findings,
    policyFacts,
    policies,
    evaluations,
    onVerdict: (hook) => void verdictHooks.push(hook),
    corrections,
    inventory,
    statistics: system.statistics,
  };
  const parts: Part[] = await Promise.all(PARTS.map((wire) => wire(wiring)));

  const routes = [
    ...accounts.routes,
    ...system.routes,
    ...imageRoutes({ images, revisions, database, runningSince: inventory.cutoff }),
    ...registryRoutes(registries),
    ...repositoryRoutes(repositories),
    ...subscriptionRoutes(
      createSubscriptionService({
        database,
        // Alerts open and close with what is watched, not only with verdicts.
        changed: async (account, type) => {
          if (type !== 'alerts') return;
          await database.transaction(async (tx) => {
            for (const hook of verdictHooks) await hook(tx, account);
          });
        },
      }),
    ),
    ...eventRoutes({ database, beforeDelete: dispatchAll }),
    ...advisoryRoutes(advisories),
    ...feedRoutes({ feeds, receiveArchive: uploads.feedArchive }),
    ...findingRoutes({ database, findings, currentIndex: current.get, require: accounts.authorizer.require }),
    ...policyRoutes({ policies, evaluations }),
    ...overviewRoutes({ database, images, jobs, findings, feeds, receiveArchive: uploads.imageArchive }),
    ...parts.flatMap((part) => part.routes),
  ];

  let starting = Promise.resolve();
  /** One step of the start: a failure is no reason to leave the others out, and none once the process is to stop. */
  async function step(what: string, act: () => Promise<unknown>): Promise<void> {
    if (stopping.signal.aborted) return;
    try {
      await act();
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, `${what} failed at the start`);
    }
  }
  async function startAll(): Promise<void> {
    for (const part of parts) await step('a part of the server', async () => part.start?.());
    await step('loading the vulnerability index', () => current.refresh());
    await step('following the settings of matching', followSettings);
    await step('the schedule of freshness', () => jobs.schedule(FRESHNESS_JOB, '*/2 * * * *', {}));
  }

  return {
    routes: recordChanges([...routes, ...v1Routes({ bound: routes, findings })], async (entry, log) => {
      log.info({ audit: true, ...entry }, 'audit');
      // The change is made: an entry that cannot be written must not turn its success into a failure.
      await insertEntry(database.db, entry).catch((error: unknown) => log.error({ err: error }, 'audit entry lost'));
    }),
    accounts,
    system,
    start() {
      starting = startAll();
      return starting;
    },
    async endStart() {
      stopping.abort();
      await starting;
    },
    async stop() {
      stopping.abort();
      for (const part of parts) await part.stop?.();
      await current.close();
    },
  };
}
