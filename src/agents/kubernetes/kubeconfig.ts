import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { FetcherTls } from '#shared/fetcher.ts';
import type { KubernetesConnection } from './client.ts';
import { KubernetesError } from './errors.ts';
import { createExecCredential, ExecConfig } from './exec-credential.ts';

const Cluster = z.object({
  server: z.string(),
  'certificate-authority': z.string().nullish(),
  'certificate-authority-data': z.string().nullish(),
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': z.string().nullish(),
});
const User = z.object({
  token: z.string().nullish(),
  tokenFile: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  'client-certificate': z.string().nullish(),
  'client-certificate-data': z.string().nullish(),
  'client-key': z.string().nullish(),
  'client-key-data': z.string().nullish(),
  exec: ExecConfig.nullish(),
  'auth-provider': z.object({ name: z.string() }).nullish(),
});
const Kubeconfig = z.object({
  'current-context': z.string().nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: Cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user: User.nullish() })).nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().nullish() }) }))
    .nullish(),
});
type User = z.output<typeof User>;

/** A connection found in a file, with the name of its cluster there. */
export interface NamedConnection {
  clusterName: string;
  connection: KubernetesConnection;
  /** The credential ends soon and is given anew by a program or a file. */
  shortLived: boolean;
}

/** How long a token read from a file is used before the file is read again; Kubernetes rotates it well before its end. */
const TOKEN_MS = 60_000;

/**
 * Reads one context of a kubeconfig file: token, token file, password, client certificate or a credential program.
 * Paths in it are relative to the file. Throws an Error that names file and field.
 */
export async function kubeconfigConnection(path: string, contextName?: string): Promise<NamedConnection> {
  const fail = (problem: string): never => {
    throw new Error(`${path}: ${problem}`);
  };
  const file = Kubeconfig.safeParse(parse(await readFile(path, 'utf8')));
  if (!file.success) {
    const [issue] = file.error.issues;
    return fail(`is no kubeconfig: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { clusters, users, contexts, 'current-context': current } = file.data;
  const wanted = contextName ?? current ?? fail('has no current context; name one');
  const context = contexts?.find((one) => one.name === wanted)?.context ?? fail(`has no context ${wanted}`);
  const cluster =
    clusters?.find((one) => one.name === context.cluster)?.cluster ?? fail(`has no cluster ${context.cluster}`);
  const user = context.user ? users?.find((one) => one.name === context.user)?.user : undefined;
  if (user?.['auth-provider']) {
    fail(`auth-provider ${user['auth-provider'].name} was removed from Kubernetes; use its exec plugin`);
  }
  const folder = dirname(path);
  const content = async (data: string | null | undefined, file: string | null | undefined) => {
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    return file ? await readFile(isAbsolute(file) ? file : join(folder, file), 'utf8') : undefined;
  };
  const ca = await content(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const cert = await content(user?.['client-certificate-data'], user?.['client-certificate']);
  const key = await content(user?.['client-key-data'], user?.['client-key']);
  if (!/^https?:\/\//.test(cluster.server)) fail(`cluster ${context.cluster} has no address of a server`);
  const tls: FetcherTls = {
    ...(ca ? { ca, caOnly: true } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { insecure: true } : {}),
    ...(cluster['tls-server-name'] ? { servername: cluster['tls-server-name'] } : {}),
    ...(cert && key ? { cert, key } : {}),
  };
  return {
    clusterName: context.cluster,
    connection: withCredentials(cluster.server, tls, user ?? {}, folder),
    shortLived: Boolean(user?.exec || user?.tokenFile),
  };
}

function withCredentials(server: string, tls: FetcherTls, user: User, folder: string): KubernetesConnection {
  if (user.exec) return createExecCredential(server, tls, user.exec, folder);
  if (user.tokenFile) {
    const { tokenFile } = user;
    return { server, tls, ...tokenFromFile(isAbsolute(tokenFile) ? tokenFile : join(folder, tokenFile)) };
  }
  const { token, username, password } = user;
  const authorization = token
    ? `Bearer ${token}`
    : username
      ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
      : undefined;
  return { server, tls, headers: async () => (authorization ? { authorization } : {}) };
}

/** A token that something else renews in a file. */
export function tokenFromFile(path: string): Pick<KubernetesConnection, 'headers' | 'forget'> {
  let known: { token: string; until: number } | undefined;
  return {
    async headers() {
      if (!known || known.until < Date.now()) {
        const token = await readFile(path, 'utf8').catch((error: unknown) => {
          throw new KubernetesError('unauthorized', `the token file ${path} cannot be read`, error);
        });
        known = { token: token.trim(), until: Date.now() + TOKEN_MS };
      }
      return { authorization: `Bearer ${known.token}` };
    },
    forget() {
      known = undefined;
    },
  };
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that this process runs in, as its service account; undefined outside of one. */
export async function inClusterConnection(
  env: NodeJS.ProcessEnv,
  folder = SERVICE_ACCOUNT,
): Promise<KubernetesConnection | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) return undefined;
  const ca = await readFile(join(folder, 'ca.crt'), 'utf8').catch(() => undefined);
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: ca ? { ca, caOnly: true } : {},
    ...tokenFromFile(join(folder, 'token')),
  };
}
