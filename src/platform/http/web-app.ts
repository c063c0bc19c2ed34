import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const PAGE_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** Shown with status 503 while the UI is built at the first start. */
export const NOT_BUILT_YET =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>Windlass</title>' +
  '<p>The web interface is being prepared. This page reloads by itself; the API is ready.</p></html>';

/** Prepares the delivery of a built web UI. */
export function registerWebApp(app: FastifyInstance, root: string): void {
  app.register(staticFiles, { root: path.resolve(root), serve: false, preCompressed: true, index: false });
}

/** True when the request comes from the address bar of a browser. */
export function wantsPage(request: FastifyRequest): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}

/**
 * Answers a request outside the API from the built UI: a file that exists, or the page itself for a browser. Undefined
 * when the UI has nothing for it.
 */
export function sendWebApp(request: FastifyRequest, reply: FastifyReply, root: string): FastifyReply | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const pathname = decoded(request.url);
  if (pathname === undefined || /^\/v\d+(\/|$)/.test(pathname)) return undefined;
  const file = path.join(path.resolve(root), pathname);
  const inside = file.startsWith(path.resolve(root) + path.sep);
  if (inside && existsSync(file) && statSync(file).isFile()) {
    const hashed = pathname.startsWith('/assets/');
    reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (file.endsWith('.html')) reply.header('content-security-policy', PAGE_POLICY);
    return reply.sendFile(path.relative(path.resolve(root), file), { cacheControl: false });
  }
  if (!wantsPage(request) || path.extname(pathname)) return undefined;
  reply.header('cache-control', 'no-cache').header('content-security-policy', PAGE_POLICY);
  if (!existsSync(path.join(path.resolve(root), 'index.html'))) {
    return reply.code(503).header('retry-after', '3').type('text/html; charset=utf-8').send(NOT_BUILT_YET);
  }
  return reply.sendFile('index.html', { cacheControl: false });
}

function decoded(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0]!);
  } catch {
    return undefined;
  }
}
