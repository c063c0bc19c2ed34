import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '#contract/operation.ts';
import { permissionDenied, unauthorized } from '#shared/errors.ts';
import { openBody } from './body-stream.ts';
import { readBody } from './request-body.ts';
import { responseChecker } from './response-check.ts';
import { routerPath } from './route-paths.ts';
import { sendResult } from './send.ts';
import type { Actor, Authenticate, Authorize, BoundOperation, HandlerInput, HttpLog } from './types.ts';
import { parsePart, queryReader } from './validation.ts';

/** What every route shares. */
export interface RouteContext {
  authenticate: Authenticate;
  authorize: Authorize;
  log: HttpLog;
  validateResponses: boolean;
  /** Largest body in bytes of operations that set none. */
  bodyLimit: number;
  /** Milliseconds in which a body must make progress; the usual time when absent. */
  bodyMs?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: string;
  }
  interface FastifyRequest {
    actor?: Actor;
    account?: string;
  }
}

/**
 * Adds the route of one operation. The order of checks is fixed: credentials (401), permission (403), media type (415),
 * parameters and body (400). The body is not read before the caller may send it.
 */
export function addOperationRoute(app: FastifyInstance, bound: BoundOperation, context: RouteContext): void {
  const { operation } = bound;
  const run = operationRunner(bound, context);
  const config = { operation: operation.id };
  const url = routerPath(bound);
  app.route({ method: operation.method, url, config, handler: run });
  if (url === '/v2/') app.route({ method: operation.method, url: '/', config, handler: run });
  if (operation.id === 'version_check' || operation.id === 'health_check') {
    app.route({ method: operation.method, url: operation.path, config, handler: run });
  }
}

/** The handler of an operation's route. */
export function operationRunner(
  { operation, handle, authorizedAs = operation }: BoundOperation,
  context: RouteContext,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const readQuery = operation.query ? queryReader(operation.query) : undefined;
  const limit = operation.maxBodyBytes ?? context.bodyLimit;
  const check = context.validateResponses ? responseChecker(operation) : undefined;
  return async (request, reply) => {
    const params = pathParameters(operation, request);
    const actor =
      operation.permission === 'anonymous' ? undefined : await admit(authorizedAs, request, params, context);
    const stream = operation.raw ? openBody(request, operation.raw, limit, context.bodyMs) : undefined;
    const path = operation.params ? parsePart(operation.params, params, 'path') : params;
    const query =
      operation.query && readQuery
        ? parsePart(operation.query, readQuery(request.query as Record<string, unknown>), 'query')
        : {};
    if (operation.headers) parsePart(operation.headers, request.headers, 'header');
    const body = operation.body ? await parsedBody(operation, request, limit, context.bodyMs) : undefined;
    const input = {
      operation,
      params: path,
      query,
      get rawQuery() {
        return request.url.split('?').slice(1).join('?');
      },
      headers: request.headers,
      body: body?.value,
      bodyBytes: operation.exactBody ? body?.bytes : undefined,
      actor,
      account: request.account ?? '',
      requestId: request.id,
      get log() {
        return context.log.child({ requestId: request.id, operation: operation.id });
      },
      get signal() {
        return goneSignal(reply);
      },
      remoteAddress: request.ip,
      stream,
    };
    const result = await handle(input as unknown as HandlerInput<never>);
    return sendResult(reply, operation, result, check);
  };
}

function pathParameters(operation: Operation, request: FastifyRequest): Record<string, string> {
  const params = request.params as Record<string, string>;
  if (!operation.greedy) return params;
  const { '*': rest, ...others } = params;
  return { ...others, [operation.greedy]: rest ?? '' };
}

async function admit(
  operation: Operation,
  request: FastifyRequest,
  params: Record<string, string>,
  context: RouteContext,
): Promise<Actor> {
  const { method, url, headers } = request;
  const actor = await context.authenticate({ method, url, headers, remoteAddress: request.ip });
  if (!actor) throw unauthorized();
  request.actor = actor;
  const header = headers['x-anchore-account'];
  const name = (Array.isArray(header) ? header[0] : header)?.trim();
  request.account = name || actor.account;
  if (operation.permission === 'admin' && actor.accountType !== 'admin') throw permissionDenied('system', operation.id);
  await context.authorize(actor, operation, { account: request.account, named: Boolean(name), params });
  return actor;
}

async function parsedBody(operation: Operation, request: FastifyRequest, limit: number, bodyMs: number | undefined) {
  const body = await readBody(request.raw, {
    limit,
    bodyMs,
    form: operation.form === true,
    ...(operation.errors.includes(413) ? { tooLargeStatus: 413 } : {}),
  });
  if (body === undefined && operation.optionalBody) return undefined;
  return { value: parsePart(operation.body!, body?.value, 'body'), bytes: body?.bytes };
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { raw } = reply;
  if (raw.destroyed && !raw.writableFinished) controller.abort();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
