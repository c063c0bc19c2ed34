import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Fetcher } from '#shared/fetcher.ts';
import type { AgentLog } from './log.ts';
import { type Credentials, createReportServer, type ReportServer } from './report-server.ts';
import { openSpool, type Spool } from './spool.ts';

/** Where reports go, and as whom. */
export const ServerSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
    .default('http://localhost:8228'),
  username: z.string({ error: 'is needed: --username, WINDLASS_AGENT_USERNAME or the settings file' }).min(1),
  password: z.string().optional(),
  'password-file': z.string().min(1).optional(),
  account: z.string().min(1).optional(),
  'ca-file': z.string().min(1).optional(),
  insecure: z.boolean().default(false),
  'timeout-seconds': z.number().int().min(1).max(3600).default(60),
});
export type ServerSettings = z.output<typeof ServerSettings>;

/** Where reports wait which could not be delivered. */
export const SpoolSettings = z.strictObject({
  directory: z.string().min(1).optional(),
  'max-bytes': z
    .number()
    .int()
    .min(1)
    .default(256 * 1024 ** 2),
  'max-reports': z.number().int().min(1).default(1000),
});

/** Environment variables that every agent reads and the setting that each gives. */
export const DELIVERY_VARIABLES: Readonly<Record<string, string>> = {
  WINDLASS_AGENT_URL: 'server.url',
  WINDLASS_AGENT_USERNAME: 'server.username',
  WINDLASS_AGENT_PASSWORD: 'server.password',
  WINDLASS_AGENT_PASSWORD_FILE: 'server.password-file',
  WINDLASS_AGENT_ACCOUNT: 'server.account',
  WINDLASS_AGENT_CA_FILE: 'server.ca-file',
  WINDLASS_AGENT_INSECURE: 'server.insecure',
  WINDLASS_AGENT_SPOOL_DIR: 'spool.directory',
};

/** What the agent lives in. */
export interface AgentEnvironment {
  fetcher: Fetcher;
  env: NodeJS.ProcessEnv;
  log: AgentLog;
  /** Ends the agent. */
  signal: AbortSignal;
  /** Version of this program. */
  version: string;
}

/** The server that the settings name. */
export async function reportServer(settings: ServerSettings, fetcher: Fetcher): Promise<ReportServer> {
  const ca = settings['ca-file'] ? await readFile(settings['ca-file'], 'utf8') : undefined;
  return createReportServer(fetcher, {
    url: settings.url,
    timeoutMs: settings['timeout-seconds'] * 1000,
    tls: { ...(ca ? { ca } : {}), ...(settings.insecure ? { insecure: true } : {}) },
  });
}

/** The password that the settings give or name. */
export async function serverCredentials(settings: ServerSettings): Promise<Credentials> {
  const file = settings['password-file'];
  const password = file ? (await readFile(file, 'utf8')).replace(/\r?\n$/, '') : (settings.password ?? '');
  return { username: settings.username, password };
}

/**
 * Opens the spool; without a folder that can be written to, the agent goes on without one. `owner` tells apart agents
 * that share the folder: what waits for one server must not be sent to another.
 */
export async function agentSpool(
  settings: z.output<typeof SpoolSettings>,
  owner: readonly string[],
  { env, log }: Pick<AgentEnvironment, 'env' | 'log'>,
): Promise<Spool | undefined> {
  const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
  const folder = createHash('sha256').update(JSON.stringify(owner)).digest('hex').slice(0, 16);
  const directory = join(settings.directory ?? join(state, 'windlass-agent'), folder);
  try {
    return await openSpool(directory, { maxBytes: settings['max-bytes'], maxReports: settings['max-reports'] });
  } catch (error) {
    if (settings.directory) throw error;
    log.warn('reports that cannot be delivered are not kept: no folder for them', { reason: (error as Error).message });
    return undefined;
  }
}
