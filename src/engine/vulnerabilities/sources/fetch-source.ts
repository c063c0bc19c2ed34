import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createZstdCompress } from 'node:zlib';
import { discard, type Fetcher, type FetcherResponse } from '#shared/fetcher.ts';
import { FeedError } from '../feed-error.ts';
import { asUnreachable, header } from '../grype-v6/download.ts';
import { filesOf } from './documents.ts';
import { tarBytes } from './tar-writer.ts';

/** What is known of the last good copy: a source that is still the same is not fetched again. */
export interface KnownSource {
  /** `sha256:…` */
  checksum?: string;
  etag?: string;
  lastModified?: string;
}

/** A source as one local file. */
export interface FetchedSource extends KnownSource {
  path: string;
  checksum: string;
  size: number;
  /** When the service says that it was made, or when it was fetched, RFC 3339. */
  capturedAt: string;
  /** Removes what was downloaded or packed; the operator's own files stay. */
  dispose(): Promise<void>;
}

/** Where a source is. */
export interface SourceRequest {
  name: string;
  /** http(s) address, file or folder. An end `#sha256=<hex>` demands that very content. */
  location: string;
  /** Folder for what is downloaded or packed. */
  directory: string;
  fetcher: Fetcher;
  known: KnownSource;
  signal?: AbortSignal;
  /** Largest file that is taken, bytes. Default 16 GiB. */
  limit?: number;
}

const LIMIT = 16 * 1024 ** 3;

/**
 * Gets a source, or undefined when it is still what is known (by ETag, Last-Modified or content). Folders are packed, so
 * that a source is one file with one checksum in all cases. Throws `FeedError`; then nothing is left behind.
 */
export async function fetchSource(request: SourceRequest): Promise<FetchedSource | undefined> {
  const { location, pinned } = splitLocation(request.location);
  await mkdir(request.directory, { recursive: true });
  const fetched = /^https?:/i.test(location) ? await remote(request, location) : await local(request, location);
  if (!fetched) return undefined;
  if (pinned !== undefined && fetched.checksum !== pinned) {
    await fetched.dispose();
    throw new FeedError(
      'checksum-mismatch',
      `source ${request.name} has the checksum ${fetched.checksum}, expected was ${pinned}`,
    );
  }
  if (fetched.checksum === request.known.checksum) {
    await fetched.dispose();
    return undefined;
  }
  return fetched;
}

function splitLocation(text: string): { location: string; pinned?: string } {
  const match = /^(.*)#sha256=([0-9a-f]{64})$/i.exec(text);
  return match ? { location: match[1] ?? '', pinned: `sha256:${(match[2] ?? '').toLowerCase()}` } : { location: text };
}

async function remote(request: SourceRequest, url: string): Promise<FetchedSource | undefined> {
  const { known, fetcher, signal } = request;
  const headers: Record<string, string> = {};
  // Without the content at hand an answer "not modified" would be of no use.
  if (known.checksum !== undefined && known.etag !== undefined) headers['if-none-match'] = known.etag;
  if (known.checksum !== undefined && known.lastModified !== undefined)
    headers['if-modified-since'] = known.lastModified;
  let response: FetcherResponse;
  try {
    response = await fetcher.request(url, { headers, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    throw failure(request, error, url);
  }
  if (response.status === 304) {
    await discard(response);
    return undefined;
  }
  if (response.status !== 200) {
    await discard(response);
    throw new FeedError('unreachable', `source ${request.name} answered ${response.status}`);
  }
  const length = Number(header(response, 'content-length') ?? Number.NaN);
  const encoded = header(response, 'content-encoding') !== undefined;
  const saved = await save(request, response.body, encoded ? Number.NaN : length).catch((error: unknown) => {
    throw failure(request, error, url);
  });
  const etag = header(response, 'etag');
  const lastModified = header(response, 'last-modified');
  const made = Date.parse(lastModified ?? '');
  return {
    ...saved,
    capturedAt: new Date(Number.isNaN(made) ? Date.now() : Math.min(made, Date.now())).toISOString(),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

type Saved = Pick<FetchedSource, 'path' | 'checksum' | 'size' | 'dispose'>;

/** Writes a stream to a file of its own. `length` is what was announced, NaN for nothing. */
async function save(request: SourceRequest, bytes: AsyncIterable<Uint8Array>, length: number): Promise<Saved> {
  const path = join(request.directory, `source-${randomUUID()}`);
  const dispose = (): Promise<void> => rm(path, { force: true });
  const digest = createHash('sha256');
  const limit = request.limit ?? LIMIT;
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      size += part.length;
      if (size > limit) throw new FeedError('corrupt', `source ${request.name} is larger than ${limit} bytes`);
      digest.update(part);
      yield part;
    }
  }
  try {
    await pipeline(
      Readable.from(counted()),
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      request.signal ? { signal: request.signal } : {},
    );
    if (!Number.isNaN(length) && size < length)
      throw new FeedError('truncated', `source ${request.name} ended after ${size} of ${length} bytes`);
    if (size === 0) throw new FeedError('truncated', `source ${request.name} is empty`);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, checksum: `sha256:${digest.digest('hex')}`, size, dispose };
}

async function local(request: SourceRequest, location: string): Promise<FetchedSource> {
  const path = location.startsWith('file:') ? fileURLToPath(location) : resolve(location);
  const info = await stat(path).catch((cause: unknown) => {
    throw new FeedError('unreachable', `source ${request.name}: there is nothing at ${path}`, cause);
  });
  if (info.isDirectory()) {
    const saved = await save(request, packed(path), Number.NaN).catch((error: unknown) => {
      throw failure(request, error, path);
    });
    return { ...saved, capturedAt: new Date().toISOString() };
  }
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), digest);
  return {
    path,
    checksum: `sha256:${digest.digest('hex')}`,
    size: info.size,
    capturedAt: info.mtime.toISOString(),
    dispose: async () => undefined,
  };
}

/** A folder as one packed archive, the same bytes for the same files. */
function packed(directory: string): AsyncIterable<Uint8Array> {
  async function* files() {
    for (const name of await filesOf(directory)) {
      const path = join(directory, name);
      yield { name, size: (await stat(path)).size, bytes: createReadStream(path) };
    }
  }
  return Readable.from(tarBytes(files())).pipe(createZstdCompress());
}

function failure(request: SourceRequest, error: unknown, place: string): unknown {
  if (request.signal?.aborted) return new FeedError('aborted', `fetching source ${request.name} was cancelled`, error);
  if (error instanceof FeedError) return error;
  if ((error as { code?: unknown }).code === 'ENOSPC')
    return new FeedError('no-space', `there is no space left for source ${request.name}`, error);
  if (!/^https?:/i.test(place)) return error;
  const unreachable = asUnreachable(error, place);
  return new FeedError('unreachable', `source ${request.name}: ${unreachable.message}`, error);
}
