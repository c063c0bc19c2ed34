import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type Authority, createAuthority, type Identity } from './certificates.ts';

/** A Kubernetes object, as the API has it. */
export interface KubernetesObject {
  metadata: { name: string; uid: string; namespace?: string; resourceVersion?: string; [field: string]: unknown };
  [field: string]: unknown;
}

type Collection = 'namespaces' | 'nodes' | 'pods';

/** What the server does beside answering well. Change members while it runs. */
export interface Behaviour {
  /** Bearer tokens that are accepted. */
  tokens: Set<string>;
  /** Accepts client certificates of its authority. */
  clientCertificates: boolean;
  /** 403 for paths that match. */
  forbid?: RegExp;
  /** Never answers paths that match. */
  hang?: RegExp;
  /** Each page has a next one. */
  endless?: 'same token' | 'new tokens';
  /** The next list that goes on from a page answers 410, once. */
  expireContinue?: boolean;
  /** The next watches get a 410 event; so many. */
  goneWatches?: number;
  /** Answers instead of the API. */
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A stand-in for an API server: TLS, log-in, paged lists and watches over objects in memory. */
export interface KubernetesServer {
  url: string;
  port: number;
  authority: Authority;
  behaviour: Behaviour;
  /** Path with query of each request, in order. */
  requests: string[];
  clientIdentity(name?: string): Identity;
  add(collection: Collection, object: KubernetesObject): void;
  /** Replaces the object of the same uid. */
  change(collection: Collection, object: KubernetesObject): void;
  remove(collection: Collection, uid: string): void;
  /** Ends all watches at once, as a restart would. */
  dropWatches(): void;
  openWatches(): number;
  close(): Promise<void>;
}

interface Watcher {
  collection: Collection;
  namespace: string | undefined;
  response: ServerResponse;
}

const KINDS: Record<Collection, string> = { namespaces: 'Namespace', nodes: 'Node', pods: 'Pod' };

/** Starts the server on 127.0.0.1. `identity` replaces the certificate that its authority would issue. */
export async function startKubernetesServer(options: { identity?: Identity } = {}): Promise<KubernetesServer> {
  const authority = createAuthority('cluster authority');
  const behaviour: Behaviour = { tokens: new Set(['good-token']), clientCertificates: true };
  const objects: Record<Collection, KubernetesObject[]> = { namespaces: [], nodes: [], pods: [] };
  const requests: string[] = [];
  const watchers = new Set<Watcher>();
  let version = 100;

  function publish(type: string, collection: Collection, object: KubernetesObject): void {
    version += 1;
    object.metadata.resourceVersion = String(version);
    for (const watcher of watchers) {
      if (watcher.collection !== collection) continue;
      if (watcher.namespace !== undefined && object.metadata.namespace !== watcher.namespace) continue;
      watcher.response.write(`${JSON.stringify({ type, object })}\n`);
    }
  }

  function handle(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? '/', 'https://x');
    requests.push(request.url ?? '');
    if (behaviour.answer?.(request, response) || behaviour.hang?.test(url.pathname)) return;
    if (!known(request, behaviour)) return status(response, 401, 'Unauthorized');
    if (behaviour.forbid?.test(url.pathname)) {
      return status(
        response,
        403,
        `${url.pathname} is forbidden: User "system:serviceaccount:x:y" cannot list resource`,
      );
    }
    if (url.pathname === '/version') return send(response, 200, { major: '1', minor: '31', gitVersion: 'v1.31.2' });
    const one = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(url.pathname);
    if (one) {
      const found = objects.namespaces.find((object) => object.metadata.name === one[1]);
      return found ? send(response, 200, found) : status(response, 404, `namespaces "${one[1]}" not found`);
    }
    const path = /^\/api\/v1\/(?:namespaces\/([^/]+)\/)?(pods|nodes|namespaces)$/.exec(url.pathname);
    if (!path) return status(response, 404, 'the server could not find the requested resource');
    const collection = path[2] as Collection;
    if (url.searchParams.get('watch') === '1') return watch(url, collection, path[1], response);
    list(url, collection, path[1], response);
  }

  function list(url: URL, collection: Collection, namespace: string | undefined, response: ServerResponse): unknown {
    const token = url.searchParams.get('continue');
    if (token && behaviour.expireContinue) {
      behaviour.expireContinue = false;
      return status(response, 410, 'The provided continue parameter is too old');
    }
    const all = objects[collection].filter((one) => namespace === undefined || one.metadata.namespace === namespace);
    const from = token ? Number(token.split('-')[0]) : 0;
    const to = from + Number(url.searchParams.get('limit') || all.length || 1);
    const more = to < all.length ? `${to}-${version}` : undefined;
    const endless = behaviour.endless && (behaviour.endless === 'same token' ? '0-x' : `0-${requests.length}`);
    const next = endless ?? more;
    send(response, 200, {
      kind: `${KINDS[collection]}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: String(version), ...(next ? { continue: next } : {}) },
      items: all.slice(from, to),
    });
  }

  function watch(url: URL, collection: Collection, namespace: string | undefined, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    if ((behaviour.goneWatches ?? 0) > 0) {
      behaviour.goneWatches! -= 1;
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    const since = Number(url.searchParams.get('resourceVersion') ?? 0);
    for (const object of objects[collection]) {
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
      if (Number(object.metadata.resourceVersion) > since)
        response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    }
    const bookmark = { kind: KINDS[collection], metadata: { resourceVersion: String(version) } };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: bookmark })}\n`);
    const watcher = { collection, namespace, response };
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
  }

  const own = options.identity ?? authority.issue(['127.0.0.1', 'localhost']);
  const server = createServer({ ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: false }, handle);
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `https://127.0.0.1:${port}`,
    port,
    authority,
    behaviour,
    requests,
    clientIdentity: (name = 'client') => authority.issue([name]),
    add(collection, object) {
      objects[collection].push(object);
      publish('ADDED', collection, object);
    },
    change(collection, object) {
      objects[collection] = objects[collection].map((one) => (one.metadata.uid === object.metadata.uid ? object : one));
      publish('MODIFIED', collection, object);
    },
    remove(collection, uid) {
      const gone = objects[collection].filter((one) => one.metadata.uid === uid);
      objects[collection] = objects[collection].filter((one) => one.metadata.uid !== uid);
      for (const object of gone) publish('DELETED', collection, object);
    },
    dropWatches() {
      for (const { response } of watchers) response.destroy();
    },
    openWatches: () => watchers.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function known(request: IncomingMessage, behaviour: Behaviour): boolean {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return behaviour.tokens.has(token);
  return behaviour.clientCertificates && (request.socket as TLSSocket).authorized;
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function status(response: ServerResponse, code: number, message: string): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code });
}

/** A namespace object. */
export function namespaceObject(name: string, labels: Record<string, string> = {}): KubernetesObject {
  return { metadata: { name, uid: randomUUID(), labels } };
}

/** A node object. */
export function nodeObject(name: string): KubernetesObject {
  return {
    metadata: { name, uid: randomUUID(), labels: { 'kubernetes.io/arch': 'amd64' } },
    status: {
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.2',
        kernelVersion: '6.1.0',
        kubeletVersion: 'v1.31.2',
        operatingSystem: 'linux',
      },
    },
  };
}

/** Digest made of one repeated hexadecimal digit. */
export function digestOf(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** A running pod with a container for each image; `[image, digest]`, the digest empty when the runtime knows none. */
export function podObject(
  namespace: string,
  name: string,
  images: [image: string, digest: string][],
  more: { node?: string; phase?: string; init?: [string, string][]; labels?: Record<string, string> } = {},
): KubernetesObject {
  const specs = (prefix: string, list: [string, string][]) =>
    list.map(([image], i) => ({ name: `${prefix}${i}`, image }));
  const statuses = (prefix: string, list: [string, string][]) =>
    list.map(([image, digest], i) => ({
      name: `${prefix}${i}`,
      image: image.includes('/') ? image : `docker.io/library/${image}`,
      imageID: digest ? `docker.io/library/${image.replace(/[:@].*$/, '')}@${digest}` : '',
      containerID: `containerd://${randomUUID()}`,
    }));
  return {
    metadata: { name, namespace, uid: randomUUID(), labels: more.labels ?? {} },
    spec: {
      ...(more.node ? { nodeName: more.node } : {}),
      containers: specs('c', images),
      ...(more.init ? { initContainers: specs('i', more.init) } : {}),
    },
    status: {
      phase: more.phase ?? 'Running',
      containerStatuses: statuses('c', images),
      ...(more.init ? { initContainerStatuses: statuses('i', more.init) } : {}),
    },
  };
}
