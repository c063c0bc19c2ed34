import type { Readable } from 'node:stream';

/** Marks a tagged answer, so that no field of a real body can be mistaken for one. */
export const answerKind: unique symbol = Symbol('answer');

/** A JSON body with another status or more headers than the operation's own. */
export interface Answer<T> {
  readonly [answerKind]: 'json';
  body: T;
  status?: number;
  headers?: Record<string, string>;
}

/** JSON that is rendered already: sent as it is, without validation in production. */
export interface RenderedJson {
  readonly [answerKind]: 'rendered';
  bytes: Buffer;
  /** Validator without quotes: `If-None-Match` is answered 304. */
  etag?: string;
}

/** Bytes of any type. */
export interface RawAnswer {
  readonly [answerKind]: 'raw';
  bytes: Readable | Uint8Array | string | AsyncIterable<Uint8Array>;
  contentType?: string;
  status?: number;
  headers?: Record<string, string>;
}

/** Any tagged answer. */
export type TaggedAnswer = Answer<unknown> | RenderedJson | RawAnswer;

/** A body with a status or headers of its own. */
export function answer<T>(body: T, options: { status?: number; headers?: Record<string, string> } = {}): Answer<T> {
  return { [answerKind]: 'json', body, ...options };
}

/** JSON text that was rendered before, e.g. a cached list. With `etag`, `If-None-Match` gets 304. */
export function renderedJson(bytes: Buffer | string, etag?: string): RenderedJson {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return { [answerKind]: 'rendered', bytes: buffer, ...(etag === undefined ? {} : { etag }) };
}

/** Bytes of any type; `contentType` defaults to the operation's. */
export function rawAnswer(
  bytes: RawAnswer['bytes'],
  options: { contentType?: string; status?: number; headers?: Record<string, string> } = {},
): RawAnswer {
  return { [answerKind]: 'raw', bytes, ...options };
}

/** True for the results of {@link answer}, {@link renderedJson} and {@link rawAnswer}. */
export function isTagged(value: unknown): value is TaggedAnswer {
  return typeof value === 'object' && value !== null && answerKind in value;
}
