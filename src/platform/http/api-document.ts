import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { renderOpenApi } from '#contract/openapi.ts';
import type { Operation } from '#contract/operation.ts';
import { renderedJson } from './answers.ts';
import { sendResult } from './send.ts';

/** Version of the public API that the document describes. */
const API_DOCUMENT_VERSION = '2.13.0';
/** The reference page works without a network: nothing but this server is allowed. */
const PAGE_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const DOCUMENT: Operation = {
  id: 'openapi_document',
  method: 'GET',
  path: '/openapi.json',
  tag: 'System',
  summary: 'Read this document',
  permission: 'anonymous',
  success: { status: 200, contentType: 'application/json', raw: true },
  errors: [],
};

/** Serves `/v2/openapi.json`, rendered once on first use, and the reference page below `/v2/docs`. */
export function addApiDocument(app: FastifyInstance, operations: readonly Operation[]): void {
  let rendered: ReturnType<typeof renderedJson> | undefined;
  app.get('/v2/openapi.json', { config: { operation: 'openapi_document' } }, async (_request, reply) => {
    if (!rendered) {
      const text = JSON.stringify(renderOpenApi(operations, API_DOCUMENT_VERSION));
      rendered = renderedJson(text, createHash('sha256').update(text).digest('hex').slice(0, 16));
    }
    return sendResult(reply, DOCUMENT, rendered);
  });

  // The page's script is large: it is loaded by the first reader, in an instance of its own.
  let page: Promise<FastifyInstance> | undefined;
  for (const url of ['/v2/docs', '/v2/docs/*']) {
    app.get(url, { config: { operation: 'api_reference' } }, async (request, reply) => {
      page ??= referencePage();
      const answer = await (await page).inject({ method: 'GET', url: request.url });
      for (const name of ['content-type', 'location', 'cache-control', 'etag']) {
        const value = answer.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      return reply.header('content-security-policy', PAGE_POLICY).code(answer.statusCode).send(answer.rawPayload);
    });
  }
}

async function referencePage(): Promise<FastifyInstance> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const page = fastify({ logger: false, routerOptions: { ignoreTrailingSlash: true } });
  await page.register(reference, {
    routePrefix: '/v2/docs',
    configuration: {
      url: '/v2/openapi.json',
      title: 'Windlass API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  await page.ready();
  return page;
}
