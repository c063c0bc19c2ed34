import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Fetcher, FetcherResponse } from '#shared/fetcher.ts';
import { FeedError } from '../feed-error.ts';

/** Bytes received so far; `total` when the server tells it. */
export interface DownloadProgress {
  received: number;
  total?: number;
}

/** One download. */
export interface Download {
  url: string;
  target: string;
  fetcher: Fetcher;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
  /** Tries in all; each goes on where the former ended. Default 4. */
  attempts?: number;
}

/**
 * Downloads to a file and returns the SHA-256 of all of it, in hex. A broken transfer is continued with a range request, also one
 * that an earlier run left in the file. Throws `FeedError`: unreachable, aborted, no-space.
 */
export async function download(options: Download): Promise<string> {
  const attempts = options.attempts ?? 4;
  for (let attempt = 1; ; attempt++) {
    try {
      await transfer(options);
      return await fileSha256(options.target);
    } catch (error) {
      if (options.signal?.aborted)
        throw new FeedError('aborted', 'the download of the vulnerability database was cancelled', error);
      if ((error as { code?: unknown }).code === 'ENOSPC')
        throw new FeedError('no-space', 'there is no space left for the vulnerability database', error);
      if (attempt >= attempts || (error instanceof FeedError && error.code !== 'truncated'))
        throw asUnreachable(error, options.url);
    }
  }
}

async function transfer(options: Download): Promise<void> {
  const have = await stat(options.target).then(
    (file) => file.size,
    () => 0,
  );
  const response = await options.fetcher.request(options.url, {
    ...(have > 0 ? { headers: { range: `bytes=${have}-` } } : {}),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  // 416: nothing is missing, or the file there is none of the service's: the checksum tells.
  if (have > 0 && response.status === 416) return drain(response);
  if (response.status !== 200 && response.status !== 206) {
    await drain(response);
    throw new FeedError(
      'unreachable',
      `the vulnerability database service answered ${response.status} for its archive`,
    );
  }
  const resumed = response.status === 206;
  await receive(options, response, resumed ? have : 0);
}

async function receive(options: Download, response: FetcherResponse, start: number): Promise<void> {
  const length = Number(header(response, 'content-length') ?? Number.NaN);
  const total = Number.isNaN(length) || header(response, 'content-encoding') !== undefined ? undefined : start + length;
  const file = await open(options.target, start > 0 ? 'a' : 'w');
  let received = start;
  try {
    for await (const chunk of response.body) {
      options.signal?.throwIfAborted();
      await file.write(chunk);
      received += chunk.length;
      options.onProgress?.(total === undefined ? { received } : { received, total });
    }
  } finally {
    await file.close();
  }
  if (total !== undefined && received < total)
    throw new FeedError(
      'truncated',
      `the archive of the vulnerability database ended after ${received} of ${total} bytes`,
    );
}

async function drain(response: FetcherResponse): Promise<void> {
  for await (const _ of response.body) break;
}

/** Value of a header, the first where it occurs more than once. */
export function header(response: FetcherResponse, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** SHA-256 of a file in hex, streamed. */
export async function fileSha256(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), digest);
  return digest.digest('hex');
}

/** Wraps what kept an answer from coming. */
export function asUnreachable(error: unknown, url: string): FeedError {
  if (error instanceof FeedError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FeedError(
    'unreachable',
    `the vulnerability database at ${new URL(url).host} cannot be reached: ${reason}`,
    error,
  );
}
