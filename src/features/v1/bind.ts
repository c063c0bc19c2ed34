import { operations } from '#contract/operations.ts';
import type { V1Operation, V2Id } from '#contract/v1/operation.ts';
import type { BoundOperation, HandlerInput } from '#platform/http/types.ts';
import { parsePart } from '#platform/http/validation.ts';
import type { SecondGeneration, V2Body, V2Parts } from './second-generation.ts';

/** A request of the first generation, read by its schemas. */
export interface V1Request<K extends V2Id = V2Id> {
  input: HandlerInput;
  params: Record<string, string>;
  /** By V1 names. */
  query: Record<string, unknown>;
  body: unknown;
  account: string;
  /** Does the operation that this one stands for. Parts given here replace those of the request and are read anew. */
  next(parts?: V2Parts): Promise<V2Body<K>>;
  /** Does another operation. */
  call<I extends V2Id>(id: I, parts?: V2Parts): Promise<V2Body<I>>;
}

/** Turns a request of the first generation into calls of the second, and their answers back. */
export type V1Handler<K extends V2Id = V2Id> = (request: V1Request<K>) => Promise<unknown>;

type Table = Record<string, V1Operation>;
/** One handler for every operation of a table. */
export type V1Handlers<T extends Table> = { [N in keyof T]: T[N] extends V1Operation<infer K> ? V1Handler<K> : never };

/** Path prefix of the first generation. */
const V1_PREFIX = '/v1';

/** Joins a table with its handlers, served below `/v1`. Operations that lean on one that this server lacks are left out. */
export function bindV1<T extends Table>(table: T, handlers: V1Handlers<T>, v2: SecondGeneration): BoundOperation[] {
  return Object.entries(table)
    .filter(([, { of }]) => v2.offers(of))
    .map(([name, definition]) => ({
      operation: definition.operation,
      prefix: V1_PREFIX,
      authorizedAs: operations[definition.of],
      handle: (input: HandlerInput<never>) =>
        (handlers[name] as V1Handler)(request(definition, input as unknown as HandlerInput, v2)),
    }));
}

function request(definition: V1Operation, input: HandlerInput, v2: SecondGeneration): V1Request {
  const { of, operation, v2Names } = definition;
  const target = operations[of];
  const params = input.params as Record<string, string>;
  const query = input.query as Record<string, unknown>;
  const call: V1Request['call'] = (id, parts = {}) => v2.call(id, input, parts);
  return {
    input,
    params,
    query,
    body: input.body,
    account: input.account,
    call,
    async next(parts = {}) {
      const read = <P extends keyof V2Parts>(part: P, place: 'path' | 'query' | 'body', own: unknown): unknown => {
        const schema = (target as Record<P, unknown>)[part] as Parameters<typeof parsePart>[0] | undefined;
        if (!schema) return part === 'body' ? undefined : {};
        return part in parts ? parsePart(schema, parts[part], place) : own;
      };
      const renamed = Object.fromEntries(Object.entries(query).map(([name, value]) => [v2Names[name] ?? name, value]));
      return v2.run(of, input, {
        params: read('params', 'path', params) as Record<string, unknown>,
        query: read('query', 'query', renamed) as Record<string, unknown>,
        body: read('body', 'body', operation.optionalBody && input.body === undefined ? undefined : input.body),
      });
    },
  };
}

/** A handler that answers what the second generation answers, put into other words. */
export function translated<K extends V2Id>(words: (body: V2Body<K>, request: V1Request<K>) => unknown): V1Handler<K> {
  return async (v1) => words(await v1.next(), v1);
}

/** A handler for operations that both generations answer alike. */
export async function same<K extends V2Id>(v1: V1Request<K>): Promise<unknown> {
  return v1.next();
}

/** A handler for deletions: the first generation answers 200 with a word. */
export function deleted<K extends V2Id>(word: unknown): V1Handler<K> {
  return async (v1) => {
    await v1.next();
    return word;
  };
}
