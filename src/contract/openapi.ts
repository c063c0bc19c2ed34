import type { z } from 'zod';
import { ApiErrorResponse, Problem } from './errors.ts';
import type { Operation } from './operation.ts';
import { fieldMeta, type WireSchema, wireSchema } from './wire-schema.ts';

/** An OpenAPI 3.0.3 document. */
export interface OpenApiDocument {
  openapi: '3.0.3';
  info: { title: string; version: string; description: string; license: { name: string } };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, WireSchema>; securitySchemes: Record<string, unknown> };
}

const PHRASES: Record<number, string> = {
  200: 'Success',
  201: 'Created',
  202: 'Accepted',
  204: 'Done, no content',
  400: 'The request is not valid',
  401: 'Credentials are missing or wrong',
  403: 'The caller lacks a permission',
  404: 'There is no such thing',
  409: 'The state of the thing forbids it',
  413: 'The body is too large',
  415: 'The body has a type that is not understood',
  500: 'The server failed',
  501: 'Not offered here',
};

const ACCOUNT_HEADER = {
  name: 'x-anchore-account',
  in: 'header',
  required: false,
  description: 'Account that scopes the request instead of the own one',
  schema: { type: 'string' },
};

/** Renders the OpenAPI document of a list of operations, paths relative to `/v2`. */
export function renderOpenApi(operations: readonly Operation[], version: string): OpenApiDocument {
  const schemas: Record<string, WireSchema> = {};
  const error = { 'application/json': { schema: wireSchema(ApiErrorResponse, schemas) } };
  wireSchema(Problem, schemas);
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method.toLowerCase()] = renderOperation(operation, schemas, error);
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Windlass API',
      version,
      description: 'Images, vulnerabilities, policies and runtime inventory of a Windlass installation.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: '/v2' }],
    security: [{ basic: [] }, { bearer: [] }],
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

function renderOperation(operation: Operation, schemas: Record<string, WireSchema>, error: unknown): WireSchema {
  const responses: Record<string, unknown> = { [operation.success.status]: renderSuccess(operation, schemas) };
  for (const status of operation.otherSuccess ?? [])
    responses[status] = { ...renderSuccess(operation, schemas), description: PHRASES[status] ?? 'Success' };
  const statuses = new Set(operation.permission === 'anonymous' ? operation.errors : [401, ...operation.errors]);
  for (const status of [...statuses].sort((a, b) => a - b)) {
    const own = operation.errorSchemas?.[status];
    let content = status === 401 ? { 'text/plain': { schema: { type: 'string' } } } : error;
    if (own) content = { 'application/json': { schema: wireSchema(own, schemas) } };
    responses[status] = { description: PHRASES[status] ?? 'Error', content };
  }
  const parameters = renderParameters(operation, schemas);
  const requestBody = renderBody(operation, schemas);
  const { permission } = operation;
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    ...(permission === 'anonymous' ? { security: [] } : {}),
    ...(typeof permission === 'object' ? { 'x-anchore-authz-action': permission.action } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses,
  };
}

function renderSuccess({ success }: Operation, schemas: Record<string, WireSchema>): WireSchema {
  const description = PHRASES[success.status] ?? 'Success';
  if (success.raw) {
    const schema = success.schema ? wireSchema(success.schema, schemas) : { type: 'string', format: 'binary' };
    return { description, content: { [success.contentType]: { schema } } };
  }
  if (!success.schema) return { description };
  return { description, content: { 'application/json': { schema: wireSchema(success.schema, schemas) } } };
}

function renderParameters(operation: Operation, schemas: Record<string, WireSchema>): WireSchema[] {
  const list: WireSchema[] = [];
  const add = (place: string, object: z.ZodObject | undefined) => {
    for (const [name, field] of Object.entries((object?.shape ?? {}) as Record<string, z.ZodType>)) {
      const required = place === 'path' || !field.safeParse(undefined).success;
      const meta = fieldMeta(field);
      const style = meta.explode === undefined ? {} : { style: 'form', explode: meta.explode };
      list.push({ name, in: place, required, ...style, schema: wireSchema(field, schemas) });
    }
  };
  add('path', operation.params);
  add('query', operation.query);
  add('header', operation.headers);
  if (operation.permission !== 'anonymous') list.push(ACCOUNT_HEADER);
  return list;
}

function renderBody(operation: Operation, schemas: Record<string, WireSchema>): WireSchema | undefined {
  const required = operation.optionalBody !== true;
  if (operation.body) {
    const type = operation.form ? 'application/x-www-form-urlencoded' : 'application/json';
    return { required, content: { [type]: { schema: wireSchema(operation.body, schemas) } } };
  }
  if (!operation.raw) return undefined;
  const { files = ['file'], fields = [] } = operation.raw;
  const form = {
    type: 'object',
    properties: {
      ...Object.fromEntries(fields.map((name) => [name, { type: 'string' }])),
      ...Object.fromEntries(files.map((name) => [name, { type: 'string', format: 'binary' }])),
    },
  };
  const schemaOf = (type: string): WireSchema => {
    if (operation.raw?.multipart) return form;
    // Documents that are read as bytes because their digest matters.
    return /(\+|\/|pretty)(json|jws)$/.test(type) ? { type: 'object' } : { type: 'string', format: 'binary' };
  };
  return {
    required,
    content: Object.fromEntries(operation.raw.contentTypes.map((type) => [type, { schema: schemaOf(type) }])),
  };
}
