import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Blob, BuiltImage } from '../builders/oci-image.ts';
import { freePort, type Started, start } from './processes.ts';

/** Starts Debian's docker-registry with its data in a folder. */
export async function startDockerRegistry(folder: string): Promise<Started & { host: string }> {
  const port = await freePort();
  const config = join(folder, 'registry.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: warn}\nstorage:\n  filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'registry'))}}\n  delete: {enabled: true}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
  );
  const started = start('docker-registry', ['serve', config]);
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 100) throw new Error(`docker-registry does not come up:\n${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { ...started, host: `127.0.0.1:${port}` };
}

/** Pushes an image through the distribution API. */
export async function push(host: string, repository: string, tag: string, image: BuiltImage): Promise<void> {
  for (const { digest, bytes } of image.blobs) {
    const opened = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(opened.headers.get('location') ?? '', `http://${host}`);
    location.searchParams.set('digest', digest);
    const put = await fetch(location, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (put.status !== 201) throw new Error(`pushing ${digest}: ${put.status} ${await put.text()}`);
  }
  const { mediaType, bytes } = image.manifest;
  const put = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: { 'content-type': mediaType },
  });
  if (put.status !== 201) throw new Error(`pushing ${repository}:${tag}: ${put.status} ${await put.text()}`);
}

/** A registry in this process that can be made to misbehave. */
export interface FakeRegistry {
  host: string;
  /** Serves blobs and a manifest under a repository and tag. */
  publish(repository: string, tag: string, image: Pick<BuiltImage, 'manifest' | 'blobs'>): void;
  /** Serves more manifests by digest, for indices. */
  manifest(repository: string, manifest: Blob): void;
  /** Answers instead of the registry when it returns true. Undefined: behaves again. */
  interfere: ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined;
  /** Demands Basic credentials. */
  credentials: { username: string; password: string } | undefined;
  /** Paths asked for. */
  requests: string[];
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const contents = new Map<string, { mediaType: string; bytes: Buffer }>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const registry: FakeRegistry = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    interfere: undefined,
    credentials: undefined,
    requests: [],
    publish(repository, tag, { manifest, blobs }) {
      for (const one of blobs) contents.set(`/v2/${repository}/blobs/${one.digest}`, one);
      contents.set(`/v2/${repository}/manifests/${tag}`, manifest);
      contents.set(`/v2/${repository}/manifests/${manifest.digest}`, manifest);
    },
    manifest: (repository, manifest) => void contents.set(`/v2/${repository}/manifests/${manifest.digest}`, manifest),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    registry.requests.push(path);
    if (registry.credentials) {
      const { username, password } = registry.credentials;
      if (request.headers.authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' });
        return void response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      }
    }
    if (await registry.interfere?.(request, response)) return;
    if (path === '/v2/' || path === '/v2')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    const found = contents.get(path);
    if (!found) {
      const code = path.includes('/manifests/') ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN';
      return void response
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ code, message: 'unknown' }] }));
    }
    response.writeHead(200, {
      'content-type': path.includes('/manifests/') ? found.mediaType : 'application/octet-stream',
      'content-length': found.bytes.length,
      'docker-content-digest': `sha256:${createHash('sha256').update(found.bytes).digest('hex')}`,
    });
    response.end(request.method === 'HEAD' ? undefined : found.bytes);
  }
  return registry;
}
