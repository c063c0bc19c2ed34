import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addApiDocument } from './api-document.ts';
import { brokenRequests } from './broken-requests.ts';
import { methodNotAllowed, ProblemError, renderError, routeNotFound } from './error-bodies.ts';
import { addOperationRoute } from './operation-route.ts';
import { discardRest, PATIENCE, type Patience } from './patience.ts';
import { methodFinder } from './route-paths.ts';
import type { Authenticate, Authorize, BoundOperation, HttpLog, HttpMetrics } from './types.ts';
import { registerWebApp, sendWebApp, wantsPage } from './web-app.ts';

/** Settings of the HTTP server. */
export interface HttpConfig {
  /** PEM certificate chain and key: HTTPS is served. */
  tls?: { cert: string; key: string };
  /** Largest request body in bytes, for operations that set no limit of their own. Default 64 MiB. */
  bodyLimit?: number;
  /** Check every JSON response against its schema; a break is a 500. Default: on unless NODE_ENV is `production`. */
  validateResponses?: boolean;
  /** Trust `X-Forwarded-*`: true, or the addresses of the proxies. */
  trustProxy?: boolean | string | string[];
  /** Log every finished request. Default true. */
  accessLog?: boolean;
  /** How long clients may take, where it is not the usual time. */
  patience?: Partial<Patience>;
}

export interface HttpServerOptions {
  config?: HttpConfig;
  log: HttpLog;
  metrics?: HttpMetrics;
  authenticate: Authenticate;
  authorize: Authorize;
  /** Results of `bindOperations`, joined. The document describes those without a prefix of their own. */
  operations: readonly BoundOperation[];
  /** Folder of the built web UI; without it only the API is served. */
  webRoot?: string;
}

const REQUEST_ID = /^[a-z0-9-]{1,64}$/;
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
/** Requests and answers are checked by the contract: the schema compilers of the framework, which are large, stay unloaded. */
const NO_SCHEMAS = { buildValidator: noSchemas, buildSerializer: noSchemas };
const CLOSE = { connection: 'close' };
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * The HTTP server of the API: routes, errors, documents and, optionally, the web UI. `listen` starts it, `close` stops
 * taking connections and waits for running requests. `inject` serves tests without a socket.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { config = {}, log } = options;
  const patience = { ...PATIENCE, ...config.patience };
  const broken = brokenRequests();
  const limits = {
    headersTimeout: patience.headersMs,
    connectionsCheckingInterval: Math.ceil(patience.headersMs / 4),
    maxHeaderSize: 16 * 1024,
  };
  const app = fastify({
    ...(config.tls ? { https: { ...config.tls, ...limits } } : { http: limits }),
    logger: false,
    trustProxy: config.trustProxy ?? false,
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    genReqId: requestId,
    schemaController: { compilersFactory: NO_SCHEMAS },
    requestTimeout: 0, // uploads may take long; a stalled body has its own limit
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => broken.refuse(error, socket),
    frameworkErrors: (error, request, reply) => sendError(error, request, reply as FastifyReply, log),
  }) as unknown as FastifyInstance;
  app.decorateRequest('actor', undefined);
  app.decorateRequest('account', undefined);
  addHooks(app, options);
  app.addHook('onRequest', (request, _reply, done) => {
    broken.begun(request.raw);
    done(hosts(request.raw) > 1 ? new ProblemError(400, 'The request has more than one host', CLOSE) : undefined);
  });
  app.addHook('onResponse', (request, _reply, done) => {
    broken.answered(request.raw);
    discardRest(request.raw, patience.restMs);
    done();
  });
  // Bodies are read by the route itself, after it knows the caller.
  app.removeAllContentTypeParsers();
  app.register(multipart);
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply, log));

  const allowed = methodFinder(options.operations);
  const { webRoot } = options;
  if (webRoot) registerWebApp(app, webRoot);
  app.setNotFoundHandler((request, reply) => {
    if (webRoot && sendWebApp(request, reply, webRoot)) return reply;
    const methods = allowed(request.url.split('?', 1)[0]!);
    throw methods.length ? methodNotAllowed(methods) : routeNotFound();
  });
  const context = {
    authenticate: options.authenticate,
    authorize: options.authorize,
    log,
    validateResponses: config.validateResponses ?? process.env.NODE_ENV !== 'production',
    bodyLimit: config.bodyLimit ?? 64 * 1024 * 1024,
    bodyMs: patience.bodyMs,
  };
  for (const bound of options.operations) addOperationRoute(app, bound, context);
  const documented = options.operations.filter((bound) => bound.prefix === undefined);
  addApiDocument(
    app,
    documented.map((bound) => bound.operation),
  );
  return app;
}

function noSchemas(): never {
  throw new Error('routes have no schemas of the framework');
}

/** Which host is meant must not depend on who reads the request. */
function hosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['anchore-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function addHooks(app: FastifyInstance, { config = {}, log, metrics, webRoot }: HttpServerOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(HEADERS).header('anchore-request-id', request.id);
    if (webRoot && request.url === '/' && wantsPage(request)) {
      sendWebApp(request, reply, webRoot);
      return;
    }
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', API_POLICY);
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const operation = request.routeOptions.config?.operation ?? 'unrouted';
    const { method } = request;
    const status = reply.statusCode;
    metrics?.requestFinished({ operation, method, status, seconds: reply.elapsedTime / 1000 });
    if (config.accessLog !== false) {
      const { actor, account } = request;
      const who = actor ? { user: actor.username, account } : {};
      const fields = { requestId: request.id, operation, method, status, ms: Math.round(reply.elapsedTime), ...who };
      log.info(
        operation === 'unrouted' ? { ...fields, url: request.url.split('?', 1)[0]!.slice(0, 200) } : fields,
        'request',
      );
    }
    done();
  });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: HttpLog): FastifyReply {
  const answer = renderError(error, request.id);
  if (answer.fault) {
    const operation = request.routeOptions?.config?.operation;
    log.error({ requestId: request.id, operation, method: request.method, err: error }, 'request failed');
  }
  if (reply.sent) return reply;
  // what a handler prepared for its answer does not describe the error
  for (const name of ['etag', 'content-encoding', 'cache-control', 'content-length']) reply.removeHeader(name);
  // a page shows its own sign-in form, not the browser's dialogue
  if (answer.status === 401 && fromScript(request)) delete answer.headers['www-authenticate'];
  return reply.code(answer.status).headers(answer.headers).header('content-type', answer.contentType).send(answer.body);
}

/** True for requests that a script in a page made: only browsers send this header, and pages cannot forge it. */
function fromScript(request: FastifyRequest): boolean {
  const mode = request.headers['sec-fetch-mode'];
  return mode !== undefined && mode !== 'navigate';
}
