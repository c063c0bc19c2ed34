import type { z } from 'zod';
import type { Operation } from '#contract/operation.ts';

/** How the client proves who it is. */
export type Credentials = { username: string; password: string } | { apiKey: string } | { token: string };

/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A body that is not JSON. */
export type RawBodyInput =
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Blob
  | FormData
  | Uint8Array<ArrayBuffer>
  | string;

type Part<O, Name extends string> =
  O extends Record<Name, infer S> ? (S extends z.ZodType ? z.input<S> : never) : never;
type Field<Name extends string, T> = [T] extends [never]
  ? unknown
  : Record<string, never> extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T };

/** What a call of the operation needs: path parameters, query, JSON or raw body. */
export type CallInput<O extends Operation> = Field<'params', Part<O, 'params'>> &
  Field<'query', Part<O, 'query'>> &
  (O extends { optionalBody: true } ? { body?: Part<O, 'body'> } : Field<'body', Part<O, 'body'>>) &
  (O extends { raw: object } ? { raw: RawBodyInput; contentType?: string } : unknown);

/** Settings of one call. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Account that scopes the call, instead of the client's. */
  account?: string;
  headers?: Record<string, string>;
}

/** What a call resolves with: the typed body, nothing, or the Response of an operation that streams bytes. */
export type CallResult<O extends Operation> = O['success'] extends { raw: true }
  ? Response
  : O['success'] extends { schema: infer S }
    ? S extends z.ZodType
      ? z.output<S>
      : undefined
    : never;

/** Input may be left out when nothing in it is required. */
export type CallArguments<O extends Operation> =
  Record<string, never> extends CallInput<O>
    ? [input?: CallInput<O>, options?: CallOptions]
    : [input: CallInput<O>, options?: CallOptions];
