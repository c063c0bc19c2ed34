import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import type { Answer, RawAnswer, RenderedJson } from './answers.ts';

/** Who is calling: a user of an account, however the credentials came. */
export interface Actor {
  username: string;
  /** Stable id of the user; a re-created user of the same name has another one. */
  userUuid: string;
  /** The user's home account: the scope of requests without `x-anchore-account`. */
  account: string;
  /** Type of the home account. Users of the admin account bypass role checks. */
  accountType: 'admin' | 'user' | 'service';
  userType: 'native' | 'saml';
  /** How the caller proved who they are. */
  credential: 'password' | 'api_key' | 'token';
  /** Name of the API key in use. */
  apiKeyName?: string;
}

/** What a permission is checked against. */
export interface AuthorizationScope {
  /** The account that scopes the request: `x-anchore-account` when given, else the caller's own. */
  account: string;
  /** True when `x-anchore-account` named it. The account may be unknown, disabled or foreign: checking that is authorize's task. */
  named: boolean;
  /** Decoded path parameters; `account_name` is the domain of operations with `domain: 'path'`. */
  params: Readonly<Record<string, string>>;
}

/** The parts of a request that authentication reads. */
export interface AuthenticationRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  remoteAddress: string;
}

/** Resolves credentials. Undefined: none or wrong ones (401). May throw AppError, e.g. 403 for a disabled account. */
export type Authenticate = (request: AuthenticationRequest) => Promise<Actor | undefined> | Actor | undefined;

/** Throws AppError (403, or 404 for an unknown account named by an administrator) unless the caller may do this. */
export type Authorize = (actor: Actor, operation: Operation, scope: AuthorizationScope) => Promise<void> | void;

/** What platform/http writes to: pino's shape, so that tests can pass a silent one. */
export interface HttpLog {
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
  debug(fields: object, message?: string): void;
  child(fields: Record<string, unknown>): HttpLog;
}

/** Told about each finished request. `operation` is the operationId, or `unrouted`. */
export interface HttpMetrics {
  requestFinished(request: { operation: string; method: string; status: number; seconds: number }): void;
}

/** One file or field of a multipart body. A file's stream must be consumed before the next part is asked for. */
export interface MultipartPart {
  name: string;
  filename?: string;
  contentType?: string;
  /** The text of a field. */
  value?: string;
  /** The bytes of a file. */
  file?: Readable;
}

/** The unread body of an operation with `raw`. */
export interface BodyStream {
  /** Media type without parameters, lower case. */
  contentType: string;
  /** From Content-Length, when the client sent it. */
  length?: number;
  /** The bytes; Content-Encoding gzip already undone. Fails with AppError 400 beyond the operation's size limit. */
  bytes: Readable;
  /** Parts of a multipart body, in order. */
  parts(): AsyncIterable<MultipartPart>;
}

type Output<T> = T extends z.ZodType ? z.output<T> : Record<string, never>;

/** What a handler receives. */
export interface HandlerInput<O extends Operation = Operation> {
  operation: O;
  params: O extends { params: infer P } ? Output<P> : Record<string, string>;
  query: O extends { query: infer Q } ? Output<Q> : Record<string, never>;
  /** The query as it was encoded, without the question mark: what a signature in it covers. */
  rawQuery: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: O extends { body: infer B } ? (B extends z.ZodType ? z.output<B> : undefined) : undefined;
  /** The JSON body as it came; only in operations with `exactBody`. */
  bodyBytes: O extends { exactBody: true } ? Buffer : undefined;
  /** Absent only in anonymous operations. */
  actor: O extends { permission: 'anonymous' } ? Actor | undefined : Actor;
  /** The account that scopes the request. Empty string in anonymous operations. */
  account: string;
  requestId: string;
  log: HttpLog;
  /** Aborted when the client goes away or the server's request limit is reached. */
  signal: AbortSignal;
  /** Address of the caller. */
  remoteAddress: string;
  /** The unread body; only in operations with `raw`. */
  stream: O extends { raw: object } ? BodyStream : undefined;
}

type SuccessBody<O extends Operation> = O['success'] extends { schema: infer S }
  ? S extends z.ZodType
    ? z.input<S>
    : // biome-ignore lint/suspicious/noConfusingVoidType: handlers of empty answers return nothing
      void | undefined
  : never;

/** What a handler may return: the typed body, or a tagged answer. */
export type HandlerResult<O extends Operation> = O['success'] extends { raw: true }
  ? RawAnswer | RenderedJson
  : SuccessBody<O> | Answer<SuccessBody<O>> | RenderedJson | RawAnswer;

export type Handler<O extends Operation = Operation> = (
  input: HandlerInput<O>,
) => Promise<HandlerResult<O>> | HandlerResult<O>;

/** A record of operations, as the files of `contract` export it. */
export type OperationTable = Record<string, Operation>;

/** One handler for every operation of a table: the compiler names the missing ones. */
export type Handlers<T extends OperationTable> = { [K in keyof T]: Handler<T[K]> };

/** An operation with its handler, its types erased. */
export interface BoundOperation {
  operation: Operation;
  handle: (input: HandlerInput<never>) => unknown;
  /** What the path begins with, for operations of another generation of the API; `/v2` when absent, `` at the root. */
  prefix?: string;
  /** The operation that the caller must be allowed to do, when this one only translates to it. */
  authorizedAs?: Operation;
}
