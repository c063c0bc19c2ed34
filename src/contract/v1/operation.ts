import { z } from 'zod';
import type { Method, Operation, RawBody } from '../operation.ts';
import { operations } from '../operations.ts';

/** Ids of the operations of the second generation. */
export type V2Id = keyof typeof operations;

/** What the first generation says differently about an operation. */
export interface V1Difference {
  method?: Method;
  /** Path below the prefix, with the parameter names of the second generation. */
  path?: string;
  /** V1 name of a query parameter, by its V2 name. */
  rename?: Readonly<Record<string, string>>;
  /** Query parameters that are added, or replace one of the same name. */
  extend?: z.ZodRawShape;
  /** All query parameters, when they have nothing in common. */
  query?: z.ZodObject;
  /** Path parameters, when they are others. */
  params?: z.ZodObject;
  /** Body, when it has another form. */
  body?: z.ZodType;
  /** The body is no JSON. */
  raw?: RawBody;
  /** The body may be absent. */
  optionalBody?: boolean;
  /** Success status. */
  status?: number;
  /** Operation id without prefix, when several stand for one. */
  id?: string;
}

/** An operation of the first generation: the work is done by one of the second, whose permission it needs. */
export interface V1Operation<K extends V2Id = V2Id> {
  of: K;
  operation: Operation;
  /** V2 name of a query parameter, by its V1 name. */
  v2Names: Readonly<Record<string, string>>;
}

/** Declares what the first generation offers in place of an operation of the second. */
export function v1Operation<K extends V2Id>(of: K, difference: V1Difference = {}): V1Operation<K> {
  const v2: Operation = operations[of];
  const { method = v2.method, path = v2.path, rename = {}, params = v2.params, body = v2.body, status } = difference;
  const { body: _json, ...common } = v2;
  const query = difference.query ?? v1Query(v2, rename, difference.extend);
  return {
    of,
    v2Names: Object.fromEntries(Object.entries(rename).map(([name, old]) => [old, name])),
    operation: {
      ...common,
      id: `v1_${difference.id ?? of}`,
      method,
      path,
      success: {
        status: status ?? v2.success.status,
        schema: v2.success.schema === null && status === undefined ? null : z.unknown(),
      },
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(body && !difference.raw ? { body } : {}),
      // clients name JSON as the type of whatever they send
      ...(v2.raw && !v2.raw.multipart
        ? { raw: { ...v2.raw, contentTypes: [...new Set([...v2.raw.contentTypes, 'application/json'])] } }
        : {}),
      ...(difference.raw ? { raw: difference.raw } : {}),
      ...(difference.optionalBody ? { optionalBody: true } : {}),
    },
  };
}

function v1Query(
  v2: Operation,
  rename: Readonly<Record<string, string>>,
  more: z.ZodRawShape | undefined,
): z.ZodObject | undefined {
  if (!v2.query && !more) return undefined;
  const fields = Object.entries((v2.query?.shape ?? {}) as z.ZodRawShape);
  return z.object({ ...Object.fromEntries(fields.map(([name, field]) => [rename[name] ?? name, field])), ...more });
}
