import { pipeline, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Operation } from '#contract/operation.ts';
import { answerKind, isTagged, type RawAnswer, type RenderedJson } from './answers.ts';
import { chooseEncoding, compressed, compressible, compressor, type Encoding } from './compression.ts';

const JSON_TYPE = 'application/json';
/** Below this a JSON text is sent as it is, without a look at Accept-Encoding. */
const SMALL = 8 * 1024;

/** Rendered bodies stay the same object for as long as they are cached, and so do their compressed forms. */
const compressedForms = new WeakMap<Buffer, Map<Encoding, Buffer>>();

/**
 * Sends what a handler returned. `check` sees every JSON body before it is sent and throws when it breaks the contract.
 */
export async function sendResult(
  reply: FastifyReply,
  operation: Operation,
  result: unknown,
  check?: (status: number, body: unknown) => void,
): Promise<FastifyReply> {
  const { success } = operation;
  if (!isTagged(result)) {
    if (!success.raw && success.schema === null) return reply.code(success.status).send();
    check?.(success.status, result);
    return sendJson(reply, success.status, result);
  }
  switch (result[answerKind]) {
    case 'rendered':
      check?.(success.status, JSON.parse(result.bytes.toString('utf8')));
      return sendRendered(reply, success.status, result);
    case 'raw':
      return sendRaw(reply, success.raw ? success.contentType : 'application/octet-stream', success.status, result);
    default: {
      const status = result.status ?? success.status;
      if (result.headers) reply.headers(result.headers);
      if (result.body === undefined || status === 204) return reply.code(status).send();
      check?.(status, result.body);
      return sendJson(reply, status, result.body);
    }
  }
}

async function sendJson(reply: FastifyReply, status: number, body: unknown): Promise<FastifyReply> {
  const text = JSON.stringify(body) ?? 'null';
  reply.code(status).header('content-type', JSON_TYPE);
  if (text.length < SMALL) return reply.send(text);
  const accept = reply.request.headers['accept-encoding'];
  reply.header('vary', 'accept-encoding');
  if (!chooseEncoding(accept)) return reply.send(text);
  const bytes = Buffer.from(text);
  const small = await compressed(bytes, accept);
  if (!small) return reply.send(bytes);
  return reply.header('content-encoding', small.encoding).send(small.bytes);
}

async function sendRendered(reply: FastifyReply, status: number, result: RenderedJson): Promise<FastifyReply> {
  const { bytes, etag } = result;
  if (etag !== undefined) {
    const tag = `W/"${etag}"`;
    reply.header('etag', tag).header('cache-control', 'private, no-cache');
    if (matches(reply.request.headers['if-none-match'], tag)) return reply.code(304).send();
  }
  reply.code(status).header('content-type', JSON_TYPE).header('vary', 'accept-encoding');
  const encoding = chooseEncoding(reply.request.headers['accept-encoding']);
  if (!encoding || bytes.length < SMALL) return reply.send(bytes);
  let forms = compressedForms.get(bytes);
  if (!forms) {
    forms = new Map();
    compressedForms.set(bytes, forms);
  }
  let form = forms.get(encoding);
  if (!form) {
    form = (await compressed(bytes, encoding))?.bytes ?? bytes;
    forms.set(encoding, form);
  }
  return reply.header('content-encoding', encoding).send(form);
}

function matches(header: string | undefined, tag: string): boolean {
  if (!header) return false;
  const strong = tag.replace(/^W\//, '');
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === strong);
}

async function sendRaw(
  reply: FastifyReply,
  defaultType: string,
  status: number,
  result: RawAnswer,
): Promise<FastifyReply> {
  const type = result.contentType ?? defaultType;
  reply.code(result.status ?? status).header('content-type', type);
  if (result.headers) reply.headers(result.headers);
  const { bytes } = result;
  const accept = reply.request.headers['accept-encoding'];
  if (typeof bytes === 'string' || bytes instanceof Uint8Array) {
    const buffer =
      typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const small = compressible(type) ? await compressed(buffer, accept) : undefined;
    if (small) reply.header('content-encoding', small.encoding).header('vary', 'accept-encoding');
    return reply.send(small?.bytes ?? buffer);
  }
  const stream = bytes instanceof Readable ? bytes : Readable.from(bytes);
  const encoding = compressible(type) && reply.request.method !== 'HEAD' ? chooseEncoding(accept) : undefined;
  if (!encoding) return reply.send(stream);
  reply.header('content-encoding', encoding).header('vary', 'accept-encoding').removeHeader('content-length');
  // errors reach the reply through the destroyed compressor
  return reply.send(pipeline(stream, compressor(encoding), () => undefined));
}
