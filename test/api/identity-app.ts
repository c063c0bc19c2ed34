import type { FastifyInstance } from 'fastify';
import { type Accounts, type AccountsSettings, createAccounts } from '#features/accounts/index.ts';
import { createLiveSettings, createSystem, type System } from '#features/system/index.ts';
import { createPasswordVerifier } from '#platform/auth/password-verifier.ts';
import { loadConfig } from '#platform/config/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { createHttpServer, type HttpLog } from '#platform/http/index.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import { createSecretBox } from '#platform/secrets/envelope.ts';

/** Password of the user `admin` in tests. */
export const ADMIN_PASSWORD = 'correct horse';

const TEST_KEY = { id: 'test', key: Buffer.alloc(32, 7) };

/** A line of the log. */
export interface LogLine {
  fields: Record<string, unknown>;
  message: string | undefined;
}

/** The server with the features of identity and system over a test database. */
export interface IdentityApp {
  server: FastifyInstance;
  database: Database;
  accounts: Accounts;
  /** In force; may be changed between requests. */
  settings: AccountsSettings;
  system: System;
  log: LogLine[];
  /** Names whose passwords were hashed, in order. */
  verified: string[];
  /** Moves the clock of the features. */
  advance(ms: number): void;
  now(): number;
  /** Runs the background jobs that were sent. */
  runJobs(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the server. `settings` override those of the area `auth`; `env` is read like the environment. With `beside` it
 * is another process over the database of that one, with its clock.
 */
export async function startIdentityApp(
  options: { settings?: Partial<AccountsSettings>; env?: Record<string, string>; beside?: IdentityApp } = {},
): Promise<IdentityApp> {
  const database = options.beside?.database ?? (await testDatabase());
  // The clock stands still unless a test moves it.
  let time = Date.now();
  const now = (): number => options.beside?.now() ?? time;
  const config = loadConfig({ env: { WINDLASS_ADMIN_PASSWORD: ADMIN_PASSWORD, ...options.env }, file: '/dev/null' });
  const live = createLiveSettings({ database, config });
  await live.load();
  const definitions = new Map<string, JobDefinition<never>>();
  const queue: { kind: string; payload: unknown }[] = [];
  const passwords = createPasswordVerifier({ now, maxWaiting: 1000 });
  const verified: string[] = [];
  const settings: AccountsSettings = options.settings
    ? { ...live.settings.auth, ...options.settings }
    : live.settings.auth;
  const accounts = createAccounts({
    database,
    now,
    passwords: {
      ...passwords,
      verify(username, password, stored) {
        verified.push(username);
        return passwords.verify(username, password, stored);
      },
    },
    secrets: createSecretBox({ current: TEST_KEY, all: [TEST_KEY] }),
    settings,
    jobs: {
      define: (definition) => void definitions.set(definition.kind, definition as unknown as JobDefinition<never>),
      async send(_db, kind, payload) {
        queue.push({ kind, payload });
        return 'job';
      },
    },
  });
  const system = createSystem({
    database,
    versions: { program: '0.1.0', schema: '0003_identity' },
    live,
    process: { roles: ['api', 'worker', 'scheduler'], hostId: 'test-host', baseUrl: 'http://test-host:8228' },
    applyLogLevel: () => undefined,
  });
  await accounts.bootstrap();
  await system.start();
  const log: LogLine[] = [];
  const server = createHttpServer({
    log: recordingLog(log),
    config: { accessLog: false },
    authenticate: accounts.authenticator.authenticate,
    authorize: accounts.authorizer.authorize,
    operations: [...accounts.routes, ...system.routes],
  });
  await server.ready();
  return {
    server,
    database,
    accounts,
    settings,
    system,
    log,
    verified,
    now,
    advance: (ms) => {
      time += ms;
    },
    async runJobs() {
      for (const { kind, payload } of queue.splice(0)) await definitions.get(kind)?.run(payload as never, jobContext());
    },
    async close() {
      await system.stop();
      await server.close();
      if (!options.beside) await database.close();
    },
  };
}

function jobContext(): JobContext {
  return { id: 'job', attempt: 1, last: true, signal: new AbortController().signal, progress: async () => undefined };
}

function recordingLog(lines: LogLine[], bound: Record<string, unknown> = {}): HttpLog {
  const write = (fields: object, message?: string): void =>
    void lines.push({ fields: { ...bound, ...fields }, message });
  return {
    info: write,
    warn: write,
    error: write,
    debug: write,
    child: (fields) => recordingLog(lines, { ...bound, ...fields }),
  };
}
