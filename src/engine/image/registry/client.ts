import type { Fetcher, FetcherTls } from '#shared/fetcher.ts';
import { type Digest, isDigest } from '../../model/digest.ts';
import { RegistryError } from '../errors.ts';
import { digestOf } from '../image-metadata.ts';
import { MANIFEST_MEDIA_TYPES } from '../media-types.ts';
import { type RawManifest, verify } from '../resolve-image.ts';
import { schema1PayloadDigest } from '../schema1.ts';
import type { Descriptor } from '../types.ts';
import { answerError } from './answer-error.ts';
import { createAuthorizer } from './authorizer.ts';
import { streamBlob } from './blob-stream.ts';
import { discard, readBody } from './body.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { createLimiter } from './limiter.ts';
import { listPages } from './pages.ts';
import { listReferrers } from './referrers.ts';
import { RegistryTransport, single, type TransportRequest, type TransportResponse } from './transport.ts';

/** How to talk to a registry. */
export interface RegistryClientOptions {
  fetcher: Fetcher;
  /** Host and port to connect to. */
  host: string;
  credentials?: Credentials;
  /** Own certificate authority, client certificate. */
  tls?: FetcherTls;
  /** Accept any certificate, and plain http when there is no TLS. Loopback hosts may always use plain http. */
  insecure?: boolean;
  /** Requests at a time. Default 6. */
  concurrency?: number;
  /** Repetitions of a request after a failure that may pass. Default 5. */
  retries?: number;
  stallTimeoutMs?: number;
  clock?: Clock;
}

/** What a HEAD request tells about a manifest: enough to see whether a tag has moved. */
export interface ManifestHead {
  digest: Digest;
  mediaType: string;
  size: number;
}

/** The tags of a repository, and what it takes to ask for them again cheaply. */
export interface TagList {
  tags: string[];
  /** Entity tag of the list, where the registry gives one and the list has one page. */
  etag?: string;
  /** Requests that the list took. */
  pages: number;
}

/** A registry (OCI distribution spec 1.1, Docker registry API 2). All methods throw `RegistryError`. */
export interface RegistryClient {
  readonly host: string;
  /** Checks that the host is a registry and accepts the credentials. */
  ping(signal?: AbortSignal): Promise<void>;
  /**
   * Tag or digest → digest, without counting as a pull at Docker Hub; undefined when there is no such manifest. With the
   * digest that was `known` before, the registry is asked to say only whether it changed (RFC 9110 §13.1.2).
   */
  head(repository: string, target: string, signal?: AbortSignal, known?: Digest): Promise<ManifestHead | undefined>;
  /** Manifest by tag or digest, verified. */
  manifest(repository: string, target: string, signal?: AbortSignal): Promise<RawManifest>;
  /** A small blob as a whole, verified. */
  smallBlob(repository: string, descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array>;
  /** A blob as a stream that survives broken connections; the reader verifies it. */
  blob(repository: string, descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** All tags, in the registry's order. */
  tags(repository: string, signal?: AbortSignal): Promise<string[]>;
  /** As `tags`; undefined when the list is still the one that `etag` stands for. */
  tagList(repository: string, etag?: string, signal?: AbortSignal): Promise<TagList | undefined>;
  /** All repositories, where the registry lists them. */
  repositories(signal?: AbortSignal): Promise<string[]>;
  /** Manifests that refer to `digest`: signatures, SBOMs, attestations. */
  referrers(repository: string, digest: Digest, artifactType?: string, signal?: AbortSignal): Promise<Descriptor[]>;
}

const MAX_MANIFEST = 8 * 1024 * 1024;
const MAX_SMALL_BLOB = 16 * 1024 * 1024;
const ACCEPT = [...MANIFEST_MEDIA_TYPES, 'application/json;q=0.1'].join(', ');
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** Makes a client for one registry and one set of credentials. Tokens are kept as long as it lives. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { fetcher, host, credentials, insecure = false } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const tls = insecure ? { ...options.tls, insecure } : options.tls;
  const plainAllowed = insecure || LOOPBACK.test(host);
  const authorizer = createAuthorizer({
    fetcher,
    clock,
    registry: host,
    credentials,
    allowHttp: () => transport.base.startsWith('http:') || insecure,
    ...(tls ? { tls } : {}),
  });
  const transport = new RegistryTransport({
    fetcher,
    clock,
    authorizer,
    limiter: createLimiter(options.concurrency ?? 6),
    host,
    bases: plainAllowed ? [`https://${host}`, `http://${host}`] : [`https://${host}`],
    ...(tls ? { tls } : {}),
    ...(options.retries === undefined ? {} : { retries: options.retries }),
    ...(options.stallTimeoutMs === undefined ? {} : { stallTimeoutMs: options.stallTimeoutMs }),
  });

  const scope = (repository: string): string => `repository:${repository}:pull`;

  async function read(
    request: TransportRequest,
    limit: number,
    what: string,
  ): Promise<TransportResponse & { bytes: Uint8Array }> {
    const response = await transport.send(request);
    try {
      return { ...response, bytes: await readBody(response.body, limit, what) };
    } finally {
      response.release();
    }
  }

  async function manifest(repository: string, target: string, signal?: AbortSignal): Promise<RawManifest> {
    const path = `/v2/${repository}/manifests/${target}`;
    const request = { path, scope: scope(repository), headers: { accept: ACCEPT }, ...(signal ? { signal } : {}) };
    const response = await read(request, MAX_MANIFEST, 'The manifest');
    const name = `${repository}${isDigest(target) ? '@' : ':'}${target}`;
    if (response.status !== 200) throw answerError(host, `the manifest of ${name}`, response.status, response.bytes);
    const digest = verifiedDigest(response.bytes, target, single(response.headers['docker-content-digest']));
    return { bytes: response.bytes, mediaType: mediaTypeOf(response), digest };
  }

  async function smallBlob(repository: string, descriptor: Descriptor, signal?: AbortSignal): Promise<Uint8Array> {
    if (descriptor.size > MAX_SMALL_BLOB) {
      throw new RegistryError('too-large', `The image configuration has ${descriptor.size} bytes.`);
    }
    const bytes = await readBody(blob(repository, descriptor, signal), MAX_SMALL_BLOB, 'The image configuration');
    return verify(bytes, descriptor, 'image configuration');
  }

  function blob(repository: string, descriptor: Descriptor, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const path = `/v2/${repository}/blobs/${descriptor.digest}`;
    return streamBlob(transport, { path, scope: scope(repository), ...(signal ? { signal } : {}) }, descriptor, clock);
  }

  const tagPages = (repository: string, etag?: string, signal?: AbortSignal) =>
    listPages(
      transport,
      {
        path: `/v2/${repository}/tags/list?n=1000`,
        scope: scope(repository),
        ...(etag ? { headers: { 'if-none-match': etag } } : {}),
        ...(signal ? { signal } : {}),
      },
      'tags',
      host,
    );

  return {
    host,
    manifest,
    smallBlob,
    blob,
    async ping(signal) {
      const response = await read(
        { path: '/v2/', scope: '', ...(signal ? { signal } : {}) },
        MAX_MANIFEST,
        'The answer',
      );
      if (response.status !== 200) throw answerError(host, 'the registry', response.status, response.bytes);
    },
    async head(repository, target, signal, known) {
      const path = `/v2/${repository}/manifests/${target}`;
      const headers = { accept: ACCEPT, ...(known ? { 'if-none-match': `"${known}"` } : {}) };
      const request = { path, scope: scope(repository), headers, ...(signal ? { signal } : {}) };
      const response = await transport.send({ ...request, method: 'HEAD' });
      await discard(response.body).finally(response.release);
      if (response.status === 404) return undefined;
      if (response.status === 304 && known) return { digest: known, mediaType: '', size: -1 };
      const digest = single(response.headers['docker-content-digest']);
      const size = Number(single(response.headers['content-length']) ?? -1);
      if (response.status === 200 && digest !== undefined && isDigest(digest))
        return { digest, mediaType: mediaTypeOf(response), size };
      // Some registries answer HEAD without a digest, or not at all.
      if (response.status !== 200 && response.status !== 405) {
        throw answerError(host, `the manifest of ${repository}:${target}`, response.status, new Uint8Array(0));
      }
      const full = await manifest(repository, target, signal);
      return { digest: full.digest, mediaType: full.mediaType, size: full.bytes.length };
    },
    tags: async (repository, signal) => (await tagPages(repository, undefined, signal))!.names,
    async tagList(repository, etag, signal) {
      const list = await tagPages(repository, etag, signal);
      return list && { tags: list.names, pages: list.pages, ...(list.etag ? { etag: list.etag } : {}) };
    },
    repositories: async (signal) =>
      (await listPages(
        transport,
        { path: '/v2/_catalog?n=1000', scope: 'registry:catalog:*', ...(signal ? { signal } : {}) },
        'repositories',
        host,
      ))!.names,
    referrers: (repository, digest, artifactType, signal) =>
      listReferrers(transport, {
        repository,
        digest,
        host,
        scope: scope(repository),
        ...(artifactType ? { artifactType } : {}),
        ...(signal ? { signal } : {}),
      }),
  };
}

function mediaTypeOf(response: TransportResponse): string {
  return (single(response.headers['content-type']) ?? '').split(';')[0]!.trim().toLowerCase();
}

/** The digest of the bytes, which must be what was asked for and what the registry says it sent. */
function verifiedDigest(bytes: Uint8Array, target: string, stated: string | undefined): Digest {
  const actual = digestOf(bytes);
  const wanted = [isDigest(target) ? target : undefined, stated?.startsWith('sha256:') ? stated : undefined];
  for (const digest of wanted) {
    if (digest === undefined || digest === actual) continue;
    // Signed schema 1 manifests are known by the digest of what is signed.
    if (digest === schema1PayloadDigest(bytes)) continue;
    throw new RegistryError(
      'digest-mismatch',
      `The registry sent another manifest than ${digest}: its digest is ${actual}.`,
    );
  }
  return ((isDigest(target) ? target : undefined) ?? (stated && isDigest(stated) ? stated : actual)) as Digest;
}
