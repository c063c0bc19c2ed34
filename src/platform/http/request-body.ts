import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { badRequest } from '#shared/errors.ts';
import { ProblemError } from './error-bodies.ts';

/** Longest pause between two chunks of a request body. */
const STALL_MS = 60_000;

/** Media type of a request without parameters, lower case; empty when it names none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** True when the request carries a body (it may still be empty). */
export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * The bytes of a request with Content-Encoding undone. The stream fails with a 400 AppError beyond `limit` bytes,
 * counted after decoding, with 408 when the client stalls, and with 400 on a broken encoding.
 */
export function bodyBytes(request: IncomingMessage, limit: number): Readable {
  const length = Number(request.headers['content-length']);
  if (length > limit) throw tooLarge(limit);
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoderFor(encoding);
  const limiter = limitBytes(limit);
  let timer = setTimeout(stalled, STALL_MS);
  function stalled(): void {
    limiter.destroy(new ProblemError(408, 'The request body stopped arriving', { connection: 'close' }));
  }
  const beat = (): void => {
    timer.refresh();
  };
  request.on('data', beat);
  limiter.once('close', () => {
    clearTimeout(timer);
    timer = undefined as never;
    request.off('data', beat);
    request.unpipe();
  });
  request.once('error', (error) => limiter.destroy(error));
  request.once('aborted', () => limiter.destroy(badRequest('The request body ended early')));
  decoder.once('error', () => limiter.destroy(badRequest(`The request body is not valid ${encoding} data`)));
  request.pipe(decoder).pipe(limiter);
  return limiter;
}

function decoderFor(encoding: string): Transform {
  if (encoding === 'identity' || encoding === '') return new PassThrough();
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  throw new ProblemError(415, `Unsupported Media Type: content encoding '${encoding}' is not understood`);
}

function limitBytes(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
}

function tooLarge(limit: number): Error {
  return badRequest(`The request body is too large: at most ${limit} bytes are accepted`);
}

/** Reads a JSON or form body whole. Undefined when the request has none. */
export async function readBody(request: IncomingMessage, options: { limit: number; form: boolean }): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const type = mediaType(request.headers['content-type']);
  const form = options.form && type === 'application/x-www-form-urlencoded';
  if (!form && !isJson(type)) {
    throw new ProblemError(
      415,
      `Unsupported Media Type: '${type}' is not accepted, expected ${options.form ? 'a form' : 'application/json'}`,
    );
  }
  const text = await readText(request, options.limit);
  if (form) return Object.fromEntries(new URLSearchParams(text));
  if (!text.trim()) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, `Request body is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyBytes(request, limit)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function isJson(type: string): boolean {
  return type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}
