import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadConfig } from '#platform/config/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { createHttpServer, createOutbound } from '#platform/http/index.ts';
import { createJobs } from '#platform/jobs/index.ts';
import { createLogger } from '#platform/logging/index.ts';
import { createMetrics } from '#platform/metrics/index.ts';
import { openObjectStore } from '#platform/objects/index.ts';
import { openSecretBox } from '#platform/secrets/index.ts';
import { createFeatures, type Features } from '../../src/programs/server/features.ts';
import type { Platform } from '../../src/programs/server/platform.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

/** The whole product over a test database, without a socket. */
export interface Application {
  server: FastifyInstance;
  platform: Platform;
  features: Features;
  /** Waits until no job waits or runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts all features with a worker in this process. */
export async function startApplication(env: Record<string, string> = {}): Promise<Application> {
  const directory = mkdtempSync(join(tmpdir(), 'windlass-app-'));
  const config = loadConfig({
    env: {
      WINDLASS_ADMIN_PASSWORD: ADMIN_PASSWORD,
      WINDLASS_DATA_DIR: directory,
      WINDLASS_FEED_URL: join(directory, 'feed'),
      WINDLASS_FEED_AUTO_SYNC: 'false',
      WINDLASS_LOG_LEVEL: 'fatal',
      ...env,
    },
    file: '/dev/null',
  });
  const log = createLogger(config.logging);
  const database = await testDatabase();
  const objects = await openObjectStore(config);
  const outbound = createOutbound({});
  const failures: unknown[] = [];
  const jobs = createJobs({ database, onError: (error) => void failures.push(error) });
  const temporaryDirectory = mkdtempSync(join(directory, 'tmp-'));
  const platform: Platform = {
    config,
    log,
    database,
    objects,
    jobs,
    outbound,
    temporaryDirectory,
    metrics: createMetrics(),
    secrets: openSecretBox(config, () => undefined),
    hostId: 'test',
    dataDirectory: directory,
    async close() {
      await outbound.close();
      await objects.close();
      await database.close();
    },
  };
  const features = await createFeatures(platform, () => 'http://test');
  await features.accounts.bootstrap();
  await jobs.start({ worker: true, scheduler: false });
  const { authenticator, authorizer } = features.accounts;
  const server = createHttpServer({
    log,
    config: { accessLog: false, validateResponses: true },
    authenticate: (request) => authenticator.authenticate(request),
    authorize: (actor, operation, scope) => authorizer.authorize(actor, operation, scope),
    operations: features.routes,
  });
  await server.ready();
  return {
    server,
    platform,
    features,
    async idle() {
      const deadline = Date.now() + 45_000;
      while ((await jobs.counts?.())?.some(({ open }) => open > 0)) {
        if (Date.now() > deadline)
          throw new Error(
            `jobs did not end: ${JSON.stringify(await jobs.list({ limit: 10 }))} ${failures.map(String).join('; ')}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      await server.close();
      await jobs.stop(5_000);
      await features.stop();
      await platform.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
