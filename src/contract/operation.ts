import type { z } from 'zod';

/** HTTP methods used by the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call an operation.
 * - `anonymous`: no credentials. `authenticated`: any valid credentials, no permission.
 * - `admin`: users of the admin account only.
 * - `{ action, domain }`: the caller needs `action` in the domain: `account` = the account that scopes the request,
 *   `system` = the global domain, `path` = the account named by path parameter `account_name`, `request` = an account
 *   named by the body or a query parameter: the server checks only that the caller is known, the handler must check the rest.
 */
export type Permission =
  | 'anonymous'
  | 'authenticated'
  | 'admin'
  | { action: string; domain: 'account' | 'system' | 'path' | 'request' };

/** A body that is not JSON. A multipart form has the `files` and text `fields` named here; default: one file, `file`. */
export type RawBody = {
  contentTypes: string[];
  multipart?: boolean;
  files?: readonly string[];
  fields?: readonly string[];
};

/** One operation of the public API, as data. Routing, validation, OpenAPI, permission and the typed client come from it. */
export interface Operation {
  /** operationId, unique, snake_case. */
  id: string;
  method: Method;
  /** Path below `/v2` with `{parameters}`. */
  path: string;
  tag: string;
  summary: string;
  permission: Permission;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** JSON body, or a raw one that the handler reads as a stream. */
  body?: z.ZodType;
  raw?: RawBody;
  /** The body is `application/x-www-form-urlencoded`; a JSON one is taken too. */
  form?: boolean;
  /** The body may be absent; the handler then gets undefined. */
  optionalBody?: boolean;
  /** The handler needs the bytes of the JSON body as well, as they came. */
  exactBody?: boolean;
  /** Largest body in bytes; the server's default when absent. A larger one is answered 400, or 413 where `errors` has it. */
  maxBodyBytes?: number;
  /** Name of a last path parameter that may contain unencoded slashes. */
  greedy?: string;
  /** Success status and schema; `null` = empty body; 'raw' = the handler streams bytes of `contentType` (`schema` then serves the document only). */
  success:
    | { status: number; schema: z.ZodType | null; raw?: false }
    | { status: number; contentType: string; raw: true; schema?: z.ZodType };
  /** Further success statuses, with the same body. */
  otherSuccess?: number[];
  /** Body schemas of errors that differ from the common error body. */
  errorSchemas?: Record<number, z.ZodType>;
  /** Documented error statuses. */
  errors: number[];
}

/** Declares an operation; keeps its literal types for the client and the handler table. */
export function defineOperation<const O extends Operation>(operation: O): O {
  return operation;
}
