import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { RawBody } from '#contract/operation.ts';
import { badRequest } from '#shared/errors.ts';
import { ProblemError } from './error-bodies.ts';
import { PATIENCE, watchBody } from './patience.ts';
import { bodyBytes, mediaType } from './request-body.ts';
import type { BodyStream, MultipartPart } from './types.ts';

/** Opens the unread body of an operation with `raw`; 415 when its media type is not one of the operation's. */
export function openBody(request: FastifyRequest, raw: RawBody, limit: number, bodyMs?: number): BodyStream {
  const type = mediaType(request.headers['content-type']);
  if (!accepts(raw, type)) {
    throw new ProblemError(
      415,
      `Unsupported Media Type: '${type}' is not accepted, expected ${raw.contentTypes.join(' or ')}`,
    );
  }
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  let bytes: Readable | undefined;
  return {
    contentType: type,
    ...(Number.isFinite(length) ? { length } : {}),
    get bytes() {
      bytes ??= bodyBytes(request.raw, limit, { bodyMs });
      return bytes;
    },
    parts: () => readParts(request, limit, bodyMs),
  };
}

function accepts(raw: RawBody, type: string): boolean {
  if (raw.contentTypes.includes(type) || raw.contentTypes.includes('*/*')) return true;
  // programs that send files without saying what they are
  return !raw.multipart && (type === '' || type === 'application/octet-stream');
}

async function* readParts(
  request: FastifyRequest,
  limit: number,
  bodyMs = PATIENCE.bodyMs,
): AsyncGenerator<MultipartPart> {
  if (!request.isMultipart()) throw new ProblemError(415, 'Unsupported Media Type: expected multipart/form-data');
  const limits = { fileSize: limit, fieldSize: 1024 * 1024, fields: 100, files: 20, parts: 120 };
  // the parser reads the request itself and would wait for ever
  const stopWatching = watchBody(request.raw, bodyMs, () => request.raw.destroy());
  try {
    for await (const part of request.parts({ limits })) {
      const common = { name: part.fieldname, ...(part.mimetype ? { contentType: part.mimetype } : {}) };
      if (part.type === 'file') yield { ...common, filename: part.filename, file: Readable.from(fileBytes(part.file)) };
      else yield { ...common, value: String(part.value) };
    }
  } catch (error) {
    throw malformed(error);
  } finally {
    stopWatching();
  }
}

async function* fileBytes(file: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of file) yield chunk as Uint8Array;
  } catch (error) {
    throw malformed(error);
  }
}

/** Whatever the parser throws is about the bytes that the client sent. */
function malformed(error: unknown): Error {
  return badRequest(`The multipart body is not valid: ${error instanceof Error ? error.message : String(error)}`);
}
