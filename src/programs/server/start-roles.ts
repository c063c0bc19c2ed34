import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { SYNC_JOB } from '#features/feeds/index.ts';
import type { Config } from '#platform/config/index.ts';
import { createHttpServer } from '#platform/http/index.ts';
import { trackRequests } from './closing.ts';
import { createFeatures } from './features.ts';
import { HOUSEKEEPING_JOB } from './housekeeping.ts';
import { addMetricsRoute } from './metrics-route.ts';
import type { Platform } from './platform.ts';
import { buildWebInBackground, webRoot } from './web-build.ts';

/** What a start tells. */
export interface StartedRoles {
  /** Address on this machine; undefined when this process does not serve the API. */
  url: string | undefined;
  /** The random password of the administrator, when this start created it. */
  adminPassword: string | undefined;
}

/** Starts what the settings name: API, worker, scheduler. Adds to `started` how to end what runs, also when it fails. */
export async function startRoles(platform: Platform, started: (() => Promise<unknown>)[]): Promise<StartedRoles> {
  const { config, jobs, log, database } = platform;
  const roles = new Set(config.server.roles);
  let url = config.server.public_url ?? `http://${platform.hostId}:${config.server.port}`;
  const features = await createFeatures(platform, () => url);
  started.push(() => features.stop());
  const bootstrapped = await features.accounts.bootstrap();
  started.push(() => jobs.stop(config.server.shutdown_seconds * 1000));
  await jobs.start({ worker: roles.has('worker'), scheduler: roles.has('scheduler') });
  const server = roles.has('api') ? await listen(platform, features) : undefined;
  if (server) {
    url = server.url;
    started.push(() => server.close(config.server.shutdown_seconds * 1000));
  }
  started.push(() => features.system.stop());
  await features.system.start();
  if (roles.has('scheduler')) await schedule(platform);
  // The index is large: requests that need no vulnerability data are served meanwhile.
  void features.start();
  started.push(() => features.endStart());
  if (server) {
    const stopBuild = buildWebInBackground(log);
    started.push(async () => stopBuild());
  }
  log.info({ url: server?.url, roles: [...roles], database: database.kind }, 'ready');
  started.unshift(async () => log.info('stopped'));
  return { url: server?.url, adminPassword: bootstrapped.password };
}

async function listen(platform: Platform, features: Awaited<ReturnType<typeof createFeatures>>) {
  const { config, log, metrics } = platform;
  const { authenticator, authorizer } = features.accounts;
  const app = createHttpServer({
    config: {
      validateResponses: false,
      trustProxy: config.server.trust_proxy,
      accessLog: config.logging.access,
      ...(await tlsFiles(config)),
    },
    log,
    metrics: {
      requestFinished: ({ operation, method, status, seconds }) => metrics.request(operation, method, status, seconds),
    },
    authenticate: (request) => authenticator.authenticate(request),
    authorize: (actor, operation, scope) => authorizer.authorize(actor, operation, scope),
    operations: features.routes,
    webRoot: webRoot(),
  });
  if (config.metrics.enabled) addMetricsRoute(app, { metrics, authenticator, open: config.metrics.auth_disabled });
  const requests = trackRequests(app.server);
  await app.listen({ port: config.server.port, host: config.server.host });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    /** Lets running requests end; those which take longer than `graceMs` are cut off. */
    async close(graceMs: number): Promise<void> {
      const closed = requests.closeWhenIdle(graceMs);
      await app.close();
      closed();
    },
  };
}

/** Certificate and key, when the settings name them; both or none. */
async function tlsFiles({ server }: Config): Promise<{ tls?: { cert: string; key: string } }> {
  const { tls_certificate_file: cert, tls_key_file: key } = server;
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) {
    throw new Error('HTTPS needs both server.tls_certificate_file and server.tls_key_file');
  }
  return { tls: { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') } };
}

/** Recurring work. The minute of the feed sync differs between installations, so that they do not all ask at once. */
async function schedule(platform: Platform): Promise<void> {
  const { config, jobs, database } = platform;
  await jobs.schedule(HOUSEKEEPING_JOB, '* * * * *', {});
  if (!config.feeds.auto_sync) return;
  const minute = Math.floor(Math.random() * 60);
  const hours = Math.max(1, Math.round(config.feeds.sync_seconds / 3600));
  await jobs.schedule(
    SYNC_JOB,
    hours >= 24 ? `${minute} ${Math.floor(Math.random() * 24)} * * *` : `${minute} */${hours} * * *`,
    {},
  );
  const known = await database.db
    .selectFrom('feed_build')
    .select('checksum')
    .where('state', '=', 'current')
    .executeTakeFirst();
  if (!known) await jobs.send(database.db, SYNC_JOB, {}, { key: 'first' });
}
