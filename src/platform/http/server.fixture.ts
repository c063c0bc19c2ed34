import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { queryBoolean, queryInteger, queryList, queryTime } from '#contract/fields.ts';
import { defineOperation } from '#contract/operation.ts';
import { AppError, accountNotFound, conflict, permissionDenied } from '#shared/errors.ts';
import { bindOperations, createHttpServer, type HttpConfig, type HttpLog, rawAnswer, renderedJson } from './index.ts';

const base = { tag: 'Test', summary: 'Test', errors: [400] };
const Thing = z.object({
  name: z.string().min(1),
  size: z.int().optional(),
  source: z.object({ tag: z.string() }).optional(),
});

/** Operations of every kind, for tests of the server. */
export const operations = {
  ping: defineOperation({
    ...base,
    id: 'ping',
    method: 'GET',
    path: '/',
    permission: 'anonymous',
    success: { status: 200, schema: z.string() },
  }),
  health_check: defineOperation({
    ...base,
    id: 'health_check',
    method: 'GET',
    path: '/health',
    permission: 'anonymous',
    success: { status: 200, schema: null },
  }),
  list_things: defineOperation({
    ...base,
    id: 'list_things',
    method: 'GET',
    path: '/things',
    permission: { action: 'listThings', domain: 'account' },
    query: z.object({
      active: queryBoolean().optional(),
      limit: queryInteger({ min: 1, max: 10 }).default(5),
      ids: queryList(z.string()).optional(),
      since: queryTime().optional(),
    }),
    success: { status: 200, schema: z.record(z.string(), z.unknown()) },
  }),
  create_thing: defineOperation({
    ...base,
    id: 'create_thing',
    method: 'POST',
    path: '/things',
    permission: { action: 'createThing', domain: 'account' },
    body: Thing,
    maxBodyBytes: 4096,
    success: { status: 201, schema: Thing },
  }),
  strict_thing: defineOperation({
    ...base,
    id: 'strict_thing',
    method: 'PUT',
    path: '/things',
    permission: 'authenticated',
    body: z.strictObject({ a: z.enum(['x', 'y']) }),
    success: { status: 204, schema: null },
  }),
  get_registry: defineOperation({
    ...base,
    id: 'get_registry',
    method: 'GET',
    path: '/registries/{registry}',
    greedy: 'registry',
    permission: 'authenticated',
    params: z.object({ registry: z.string() }),
    success: { status: 200, schema: z.string() },
  }),
  fail: defineOperation({
    ...base,
    id: 'fail',
    method: 'GET',
    path: '/fail/{how}',
    permission: 'authenticated',
    params: z.object({ how: z.string() }),
    success: { status: 200, schema: Thing },
  }),
  admin_only: defineOperation({
    ...base,
    id: 'admin_only',
    method: 'DELETE',
    path: '/fail/{how}',
    permission: 'admin',
    params: z.object({ how: z.string() }),
    success: { status: 204, schema: null },
  }),
  upload: defineOperation({
    ...base,
    id: 'upload',
    method: 'POST',
    path: '/upload',
    permission: 'authenticated',
    raw: { contentTypes: ['application/x-tar'] },
    maxBodyBytes: 100_000,
    success: { status: 200, schema: z.object({ bytes: z.int() }) },
  }),
  form: defineOperation({
    ...base,
    id: 'form',
    method: 'POST',
    path: '/form',
    permission: 'anonymous',
    body: z.object({ user: z.string().optional() }),
    form: true,
    optionalBody: true,
    success: { status: 200, schema: z.object({ user: z.string().optional(), absent: z.boolean() }) },
  }),
  parts: defineOperation({
    ...base,
    id: 'parts',
    method: 'POST',
    path: '/parts',
    permission: 'authenticated',
    raw: { contentTypes: ['multipart/form-data'], multipart: true },
    success: { status: 200, schema: z.array(z.string()) },
  }),
  document: defineOperation({
    ...base,
    id: 'document',
    method: 'GET',
    path: '/document',
    permission: 'authenticated',
    success: { status: 200, contentType: 'application/xml', raw: true },
  }),
  cached: defineOperation({
    ...base,
    id: 'cached',
    method: 'GET',
    path: '/cached',
    permission: 'authenticated',
    success: { status: 200, schema: z.array(z.string()) },
  }),
};

/** A body that is worth compressing. */
export const big = Buffer.from(JSON.stringify(Array.from({ length: 2000 }, (_, n) => `item ${n}`)));
/** What the server logged. */
export const logged: { level: string; fields: Record<string, unknown> }[] = [];
export const log: HttpLog = {
  info: (fields) => void logged.push({ level: 'info', fields: fields as Record<string, unknown> }),
  error: (fields) => void logged.push({ level: 'error', fields: fields as Record<string, unknown> }),
  warn: () => undefined,
  debug: () => undefined,
  child: () => log,
};

function failure(how: string): never {
  if (how === 'conflict') throw conflict('registry already exists in DB');
  if (how === 'detail') throw new AppError(404, 'no such image', { type: 'image_not_found', detail: { image: 'x' } });
  if (how === 'unavailable') throw new AppError(503, 'later');
  throw new Error('secret inner text');
}

/** A server of these operations; users are named by `Authorization: Basic <name>`. */
export function fixtureServer(config?: HttpConfig): FastifyInstance {
  return createHttpServer({
    log,
    ...(config ? { config } : {}),
    authenticate: ({ headers }) => {
      const [, name] = /^Basic (\w+)$/.exec(String(headers.authorization ?? '')) ?? [];
      if (!name) return undefined;
      const accountType = name === 'admin' ? 'admin' : 'user';
      return { username: name, userUuid: name, account: name, accountType, userType: 'native', credential: 'password' };
    },
    authorize: (actor, operation, scope) => {
      if (scope.account === 'unknown') throw accountNotFound(scope.account);
      if (actor.username === 'nobody' && typeof operation.permission === 'object') {
        throw permissionDenied(scope.account, operation.permission.action);
      }
    },
    operations: bindOperations(operations, {
      ping: () => 'v2',
      health_check: () => undefined,
      list_things: ({ query, account }) => ({ ...query, account }),
      create_thing: ({ body }) => body,
      strict_thing: () => undefined,
      get_registry: ({ params }) => params.registry,
      fail: ({ params }) => {
        if (params.how === 'contract') return { name: 5 as unknown as string };
        return failure(params.how);
      },
      admin_only: () => undefined,
      upload: async ({ stream }) => {
        let bytes = 0;
        for await (const chunk of stream.bytes) bytes += (chunk as Buffer).length;
        return { bytes };
      },
      form: ({ body }) => ({ ...body, absent: body === undefined }),
      parts: async ({ stream }) => {
        const names: string[] = [];
        for await (const part of stream.parts()) {
          let size = part.value?.length ?? 0;
          if (part.file) for await (const chunk of part.file) size += (chunk as Buffer).length;
          names.push(`${part.name}:${part.filename ?? ''}:${size}`);
        }
        return names;
      },
      document: () => rawAnswer('<a/>', { headers: { 'content-disposition': 'attachment' } }),
      cached: () => renderedJson(big, 'one'),
    }),
  });
}

/** One with the usual settings. */
export const app = fixtureServer();
