import { mkdirSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '#platform/config/index.ts';
import { openDatabase } from '#platform/database/index.ts';
import type { Database } from '#platform/database/types.ts';
import { createOutbound, type Outbound } from '#platform/http/outbound.ts';
import { proxyFromEnvironment } from '#platform/http/outbound-proxy.ts';
import { createJobs, type Jobs } from '#platform/jobs/index.ts';
import { createLogger, type Logger } from '#platform/logging/index.ts';
import { createMetrics, type Metrics, observePool, observeQueues } from '#platform/metrics/index.ts';
import { type ObjectStore, openObjectStore } from '#platform/objects/index.ts';
import { openSecretBox, type SecretBox } from '#platform/secrets/index.ts';

/** What every feature stands on. */
export interface Platform {
  config: Config;
  log: Logger;
  metrics: Metrics;
  database: Database;
  objects: ObjectStore;
  jobs: Jobs;
  secrets: SecretBox;
  outbound: Outbound;
  /** Name of this process among others. */
  hostId: string;
  /** Data folder, absolute. */
  dataDirectory: string;
  /** Scratch space; emptied at the start. */
  temporaryDirectory: string;
  close(): Promise<void>;
}

/** Opens database, object store and the rest; on failure what was opened is closed again. */
export async function openPlatform(config: Config, env: NodeJS.ProcessEnv): Promise<Platform> {
  const log = createLogger(config.logging);
  const metrics = createMetrics();
  const dataDirectory = resolve(config.server.data_dir);
  // Without a pause before the database is asked to open: whoever starts it reads sources meanwhile.
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const database = await openDatabase(config, { onError: (error) => log.error({ err: error }, 'database') });
  try {
    // Behind the database's lock: no other process of this data folder is at work.
    const temporaryDirectory = config.analysis.temporary_dir ?? join(dataDirectory, 'tmp');
    if (config.analysis.temporary_dir === undefined && database.kind === 'embedded')
      await rm(temporaryDirectory, { recursive: true, force: true });
    await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
    const objects = await openObjectStore(config);
    const secrets = openSecretBox(config, (message) => log.warn(message));
    const outbound = createOutbound({
      allow: config.outbound.allow,
      deny: config.outbound.deny,
      proxy: proxyFromEnvironment(env),
      ...(config.outbound.ca_file ? { extraCa: await readFile(config.outbound.ca_file, 'utf8') } : {}),
    });
    const jobs = createJobs({
      database,
      onError: (error) => log.error({ err: error }, 'job queue'),
      onRun: (kind, outcome, seconds) => metrics.job(kind, outcome, seconds),
    });
    observePool(metrics.registry, database);
    observeQueues(metrics.registry, jobs, (error) => log.error({ err: error }, 'reading queue lengths'));
    return {
      config,
      log,
      metrics,
      database,
      objects,
      jobs,
      secrets,
      outbound,
      dataDirectory,
      temporaryDirectory,
      hostId: config.server.host_id ?? hostname(),
      async close() {
        await outbound.close();
        await objects.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
