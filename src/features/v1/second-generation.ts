import { Readable } from 'node:stream';
import type { z } from 'zod';
import type { operations } from '#contract/operations.ts';
import type { V2Id } from '#contract/v1/operation.ts';
import { answerKind, isTagged } from '#platform/http/answers.ts';
import type { BodyStream, BoundOperation, HandlerInput } from '#platform/http/types.ts';
import { parsePart } from '#platform/http/validation.ts';
import { AppError } from '#shared/errors.ts';

type V2 = typeof operations;

/** JSON body that an operation of the second generation answers. */
export type V2Body<K extends V2Id> = V2[K]['success'] extends { schema: infer S }
  ? S extends z.ZodType
    ? z.output<S>
    : undefined
  : undefined;

/** Parts of a request, as a client would write them; absent ones are empty. */
export interface V2Parts {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  /** The body as it would have come, in place of `body`. */
  bytes?: Buffer;
  /** Media type of `bytes`. */
  contentType?: string;
}

/** The handlers of the second generation, callable in the name of a caller whose permission was checked. */
export interface SecondGeneration {
  /** Reads the parts by the schemas of the operation first; throws as the operation would for a client. */
  call<K extends V2Id>(id: K, input: HandlerInput, parts: V2Parts): Promise<V2Body<K>>;
  /** Takes parts that were read by these schemas. */
  run<K extends V2Id>(id: K, input: HandlerInput, parts: V2Parts): Promise<V2Body<K>>;
  /** False when this server does not bind the operation. */
  offers(id: V2Id): boolean;
}

/** Gives access to bound operations by id. An operation that this server does not bind answers 501. */
export function secondGeneration(bound: readonly BoundOperation[]): SecondGeneration {
  const byId = new Map(bound.map((one) => [one.operation.id, one]));

  function find(id: V2Id): BoundOperation {
    const found = byId.get(id);
    if (!found) throw new AppError(501, `${id} is not available on this server`, { type: 'not_implemented' });
    return found;
  }

  async function run<K extends V2Id>(id: K, input: HandlerInput, parts: V2Parts): Promise<V2Body<K>> {
    const { operation, handle } = find(id);
    const own: HandlerInput = {
      operation,
      params: (parts.params ?? {}) as HandlerInput['params'],
      query: (parts.query ?? {}) as HandlerInput['query'],
      body: parts.body as HandlerInput['body'],
      bodyBytes: (parts.bytes ?? input.bodyBytes) as HandlerInput['bodyBytes'],
      rawQuery: input.rawQuery,
      headers: input.headers,
      actor: input.actor,
      account: input.account,
      requestId: input.requestId,
      get log() {
        return input.log;
      },
      get signal() {
        return input.signal;
      },
      remoteAddress: input.remoteAddress,
      // unread: whichever handler asks for it gets it
      stream: (parts.bytes ? streamOf(parts.bytes, parts.contentType) : input.stream) as HandlerInput['stream'],
    };
    return plain(await handle(own as unknown as HandlerInput<never>)) as V2Body<K>;
  }

  return {
    run,
    offers: (id) => byId.has(id),
    call(id, input, parts) {
      const { operation } = find(id);
      return run(id, input, {
        params: operation.params ? parsePart(operation.params, parts.params ?? {}, 'path') : {},
        query: operation.query ? parsePart(operation.query, parts.query ?? {}, 'query') : {},
        body: operation.body ? parsePart(operation.body, parts.body ?? jsonOf(parts.bytes), 'body') : undefined,
        ...(parts.bytes ? { bytes: parts.bytes } : {}),
        ...(parts.contentType ? { contentType: parts.contentType } : {}),
      });
    },
  };
}

function jsonOf(bytes: Buffer | undefined): unknown {
  return bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
}

/** Bytes as an unread body. */
function streamOf(bytes: Buffer, contentType = 'application/octet-stream'): BodyStream {
  return {
    contentType,
    length: bytes.length,
    bytes: Readable.from([bytes]),
    async *parts() {
      // such bodies are no forms
    },
  };
}

/** What a handler returned, without the way in which it is sent. Raw bytes stay as they are. */
function plain(result: unknown): unknown {
  if (!isTagged(result)) return result;
  switch (result[answerKind]) {
    case 'json':
      return result.body;
    case 'rendered':
      return JSON.parse(result.bytes.toString('utf8'));
    default:
      return result;
  }
}
