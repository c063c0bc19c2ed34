import { FetchError } from '#shared/fetcher.ts';
import { RegistryError } from '../errors.ts';
import type { Descriptor } from '../types.ts';
import { discard } from './body.ts';
import type { Clock } from './clock.ts';
import { backoff, MAX_RETRIES } from './retry.ts';
import { single, type TransportRequest, type TransportResponse } from './transport.ts';

/** Sends requests for one blob. */
export interface BlobRequester {
  send(request: TransportRequest): Promise<TransportResponse>;
}

/**
 * Streams a blob, and goes on where it stopped when the connection breaks: with a range request, or from the start when
 * the server ignores ranges, passing over what was read. So a reader keeps its hash and inflate state; it also verifies
 * the digest. Gives up after several breaks without any progress.
 */
export async function* streamBlob(
  transport: BlobRequester,
  request: TransportRequest,
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  clock: Clock,
): AsyncIterable<Uint8Array> {
  let position = 0;
  let failures = 0;
  let etag: string | undefined;
  let expected = descriptor.size;
  for (;;) {
    const headers: Record<string, string> = { ...request.headers, 'accept-encoding': 'identity' };
    if (position > 0) {
      headers.range = `bytes=${position}-`;
      if (etag !== undefined) headers['if-range'] = etag;
    }
    const response = await transport.send({ ...request, headers });
    const before = position;
    try {
      let skip = await checkedStart(response, position, descriptor.digest);
      // A weak validator must not be used with ranges.
      const tag = single(response.headers.etag);
      etag = tag?.startsWith('"') ? tag : undefined;
      if (expected < 0 && response.status === 200) expected = Number(single(response.headers['content-length']) ?? -1);
      for await (const chunk of response.body) {
        if (skip >= chunk.length) {
          skip -= chunk.length;
          continue;
        }
        const part = skip > 0 ? chunk.subarray(skip) : chunk;
        skip = 0;
        position += part.length;
        if (expected >= 0 && position > expected) {
          throw new RegistryError(
            'digest-mismatch',
            `the registry sends more than the ${expected} bytes that the manifest states`,
          );
        }
        yield part;
      }
      if (expected < 0 || position >= expected) return;
    } catch (error) {
      if (!(error instanceof FetchError) || error.reason === 'denied' || request.signal?.aborted) throw error;
      if (failures >= MAX_RETRIES) throw broken(descriptor.digest, error);
    } finally {
      response.release();
    }
    failures = position > before ? 0 : failures + 1;
    if (failures > MAX_RETRIES) throw broken(descriptor.digest);
    await clock.sleep(backoff(failures, clock), request.signal);
  }
}

/** Bytes of the answer to pass over; throws when the answer is not the blob. */
async function checkedStart(response: TransportResponse, position: number, digest: string): Promise<number> {
  const { status } = response;
  if (status === 200) return position;
  const start = /^bytes (\d+)-/.exec(single(response.headers['content-range']) ?? '')?.[1];
  if (status === 206 && Number(start) === position) return 0;
  await discard(response.body);
  if (status === 404)
    throw new RegistryError('blob-unknown', `the registry does not have the blob ${digest}`, { status });
  if (status === 403)
    throw new RegistryError('denied', `The registry refuses access to the blob ${digest}.`, { status });
  throw new RegistryError(
    'invalid',
    `the registry answered with status ${status} to a request for the blob ${digest}`,
    { status },
  );
}

function broken(digest: string, cause?: unknown): RegistryError {
  return new RegistryError('unreachable', `The connection breaks again and again while reading the blob ${digest}.`, {
    cause,
  });
}
