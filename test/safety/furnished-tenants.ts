import { join } from 'node:path';
import { type Client, clientFor } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { startTwoTenants, type TwoTenants } from '../api/two-tenants.ts';
import { startReceiver } from '../builders/http-receiver.ts';
import { type BuiltImage, buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { startFakeRegistry } from '../e2e/registries.ts';
import type { Scene, SceneImage } from './examples/index.ts';
import { rememberThings } from './things.ts';

/** Two tenants, vulnerability data, and what requests of one of them and of an administrator can be about. */
export interface FurnishedTenants extends TwoTenants {
  /** Of the user of `tenant-one`. */
  tenantScene: Scene;
  adminScene: Scene;
  close(): Promise<void>;
}

const WAIT_MS = 60_000;
const LODASH = { 'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20' }) };
const base = buildOciImage([debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' })]);
const image = buildOciImage([debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' }), LODASH]);
const debian = { provider: 'debian', distro: { name: 'debian', major: '12' }, ecosystem: 'deb', versions: 'dpkg' };
const ADVISORIES = [
  { ...debian, id: 'CVE-2023-5363', package: 'openssl', constraint: '< 3.0.11-1~deb12u2', severity: 'high' as const },
  {
    id: 'CVE-2023-0001',
    provider: 'github',
    ecosystem: 'python',
    package: 'requests',
    versions: 'python',
    constraint: '<2.31.0',
    severity: 'high' as const,
  },
];

/** Starts them, with a registry and a receiver of webhooks of their own. */
export async function startFurnishedTenants(): Promise<FurnishedTenants> {
  const receiver = await startReceiver();
  const registry = await startFakeRegistry();
  registry.publish('team/app', '1', image);
  registry.interfere = (request, response) => {
    if (!/\/tags\/list/.test(request.url ?? '')) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"team/app","tags":["1"]}');
    return true;
  };
  const two = await startTwoTenants({
    WINDLASS_WEBHOOK_GENERAL: `${receiver.url}/<notification_type>/<userId>`,
    // what a 500 was about
    ...(process.env.TEST_FUZZ_REPORT ? { WINDLASS_LOG_LEVEL: 'error' } : {}),
  });
  for (const built of ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']) {
    publishDatabase(join(two.app.platform.dataDirectory, 'feed'), { built, advisories: ADVISORIES });
    const synced = await two.admin.post('/system/feeds');
    if (synced.statusCode !== 200) throw new Error(synced.body);
  }
  const make = (client: Client, account: string, username: string) =>
    sceneOf(client, { account, username, registry: registry.host, receiver: receiver.url });
  return {
    ...two,
    tenantScene: await make(two.tenant, 'tenant-one', 'tenant-one-user'),
    adminScene: await make(clientFor(two.app.server, { basic: ['admin', ADMIN_PASSWORD] }), 'admin', 'admin'),
    async close() {
      await two.app.close();
      await receiver.close();
      await registry.close();
    },
  };
}

async function sceneOf(
  client: Client,
  known: Pick<Scene, 'account' | 'username' | 'registry' | 'receiver'>,
): Promise<Scene> {
  let count = 0;
  const fresh = () => `n${++count}-${known.account}`;
  const small = () => buildOciImage([{ 'etc/name': `${fresh()}\n` }]);

  async function upload(built: BuiltImage, name: string): Promise<SceneImage> {
    const tag = `registry.example.org/team/${name}`;
    const answer = await client.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(tag)}`, {
      body: ociArchive([{ image: built, tag: '1' }]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (answer.statusCode !== 200) throw new Error(`upload: ${answer.statusCode} ${answer.body}`);
    await until(`/images/${built.digest}`, ({ analysis_status }) =>
      /^analy(zed|sis_failed)$/.test(String(analysis_status)),
    );
    return { digest: built.digest, tag };
  }

  async function until(path: string, wanted: (body: Record<string, unknown>) => boolean) {
    for (const deadline = Date.now() + WAIT_MS; ; ) {
      const body = (await client.get(path)).json<Record<string, unknown>>();
      if (wanted(body)) return body;
      if (Date.now() > deadline) throw new Error(`${path} stays ${JSON.stringify(body).slice(0, 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }

  return {
    ...known,
    client,
    until,
    things: rememberThings(),
    base: await upload(base, 'base:1'),
    image: await upload(image, 'app:1'),
    newImage: () => upload(small(), `spare:${fresh()}`),
    archive: () => ociArchive([{ image: small(), tag: '1' }]),
    fresh,
  };
}
