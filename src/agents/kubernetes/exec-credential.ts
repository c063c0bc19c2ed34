import { execFile } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { FetcherTls } from '#shared/fetcher.ts';
import type { KubernetesConnection } from './client.ts';
import { KubernetesError } from './errors.ts';

/** `exec` of a kubeconfig user: a program that prints a credential (client.authentication.k8s.io v1 and v1beta1). */
export const ExecConfig = z.object({
  apiVersion: z.string().nullish(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().nullish(),
});
export type ExecConfig = z.output<typeof ExecConfig>;

const ExecCredential = z.object({
  status: z.object({
    expirationTimestamp: z.string().nullish(),
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
  }),
});

interface Known {
  headers: Record<string, string>;
  cert?: string;
  key?: string;
  until: number;
}

const run = promisify(execFile);
const PROGRAM_MS = 60_000;
/** A credential is renewed this long before it ends. */
const EARLY_MS = 60_000;

/** A connection whose credential a program gives, and gives anew when it ends or is refused. */
export function createExecCredential(
  server: string,
  tls: FetcherTls,
  config: ExecConfig,
  folder: string,
): KubernetesConnection {
  let known: Known | undefined;
  let asking: Promise<Known> | undefined;

  async function ask(): Promise<Known> {
    const apiVersion = config.apiVersion ?? 'client.authentication.k8s.io/v1';
    const spec = {
      interactive: false,
      ...(config.provideClusterInfo
        ? {
            cluster: {
              server,
              ...(tls.ca ? { 'certificate-authority-data': Buffer.from(tls.ca).toString('base64') } : {}),
            },
          }
        : {}),
    };
    const { command } = config;
    const path = command.includes('/') && !isAbsolute(command) ? join(folder, command) : command;
    const { stdout } = await run(path, config.args ?? [], {
      timeout: PROGRAM_MS,
      maxBuffer: 1024 * 1024,
      env: {
        ...process.env,
        ...Object.fromEntries((config.env ?? []).map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: 'ExecCredential', spec }),
      },
    }).catch((error: Error & { stderr?: string }) => {
      const said = error.stderr?.trim().split('\n').at(-1)?.slice(0, 300);
      throw new KubernetesError(
        'unauthorized',
        `the credential program ${command} failed${said ? `: ${said}` : ''}`,
        error,
      );
    });
    return readCredential(stdout, command);
  }

  async function current(): Promise<Known> {
    if (known && known.until > Date.now()) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    known = await asking;
    return known;
  }

  return {
    server,
    async headers() {
      const credential = await current();
      if (credential.cert && credential.key) Object.assign(tls, { cert: credential.cert, key: credential.key });
      return credential.headers;
    },
    tls,
    forget() {
      known = undefined;
    },
  };
}

function readCredential(text: string, command: string): Known {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const parsed = ExecCredential.safeParse(body);
  if (!parsed.success)
    throw new KubernetesError('unauthorized', `the credential program ${command} printed no ExecCredential`);
  const { token, expirationTimestamp, clientCertificateData: cert, clientKeyData: key } = parsed.data.status;
  const end = expirationTimestamp ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(cert && key ? { cert, key } : {}),
    until: Number.isNaN(end) ? Number.POSITIVE_INFINITY : end - EARLY_MS,
  };
}
