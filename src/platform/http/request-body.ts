import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, createInflate } from 'node:zlib';
import { AppError, badRequest } from '#shared/errors.ts';
import { ProblemError } from './error-bodies.ts';
import { PATIENCE, watchBody } from './patience.ts';

/** Most lists and objects within each other in a JSON body. */
const MOST_LEVELS = 256;

/** Media type of a request without parameters, lower case; empty when it names none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** True when the request carries a body (it may still be empty). */
export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * The bytes of a request with Content-Encoding undone. The stream fails with a 400 AppError (or `tooLargeStatus`) beyond
 * `limit` bytes, counted after decoding, with 408 when the client sends next to nothing for `bodyMs`, and with 400 on a
 * broken encoding. A reader that takes its time is no stall.
 */
export function bodyBytes(
  request: IncomingMessage,
  limit: number,
  { tooLargeStatus = 400, bodyMs = PATIENCE.bodyMs }: { tooLargeStatus?: number; bodyMs?: number | undefined } = {},
): Readable {
  const length = Number(request.headers['content-length']);
  if (length > limit) throw tooLarge(limit, tooLargeStatus);
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoderFor(encoding);
  const limiter = limitBytes(limit, tooLargeStatus);
  const stopWatching = watchBody(request, bodyMs, () => {
    limiter.destroy(new ProblemError(408, 'The request body stopped arriving', { connection: 'close' }));
  });
  // A handler may refuse before it reads: what then goes wrong with the body concerns nobody, and must not end the process.
  limiter.on('error', () => undefined);
  limiter.once('close', () => {
    stopWatching();
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

function limitBytes(limit: number, tooLargeStatus: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge(limit, tooLargeStatus));
      else done(null, chunk);
    },
  });
}

function tooLarge(limit: number, status: number): Error {
  const message = `The request body is too large: at most ${limit} bytes are accepted`;
  return new AppError(status, message, { type: status === 413 ? 'payload_too_large' : 'bad_request' });
}

/** Reads a JSON or form body whole, and its bytes with it. Undefined when the request has none. */
export async function readBody(
  request: IncomingMessage,
  options: { limit: number; form: boolean; tooLargeStatus?: number; bodyMs?: number | undefined },
): Promise<{ value: unknown; bytes: Buffer } | undefined> {
  if (!hasBody(request)) return undefined;
  const type = mediaType(request.headers['content-type']);
  const form = options.form && type === 'application/x-www-form-urlencoded';
  if (!form && !isJson(type)) {
    throw new ProblemError(
      415,
      `Unsupported Media Type: '${type}' is not accepted, expected ${options.form ? 'a form' : 'application/json'}`,
    );
  }
  const bytes = await buffer(bodyBytes(request, options.limit, options));
  if (!isUtf8(bytes)) throw new ProblemError(400, 'The request body is not valid UTF-8');
  const text = bytes.toString('utf8');
  if (form) return { value: Object.fromEntries(new URLSearchParams(text)), bytes };
  if (!text.trim()) return undefined;
  if (deeperThan(bytes, MOST_LEVELS))
    throw new ProblemError(400, `The request body is nested too deep: at most ${MOST_LEVELS} levels are accepted`);
  try {
    return { value: JSON.parse(text), bytes };
  } catch (error) {
    throw new ProblemError(400, `Request body is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

const [QUOTE, BACKSLASH] = Buffer.from('"\\');
const OPENING = new Set(Buffer.from('[{'));
const CLOSING = new Set(Buffer.from(']}'));

/** Whether JSON nests more lists and objects than allowed. Deep nesting would exhaust the stack of whatever walks it. */
function deeperThan(json: Buffer, levels: number): boolean {
  if (json.length <= levels) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > levels) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

function endOfText(json: Buffer, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}

function isJson(type: string): boolean {
  return type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}
