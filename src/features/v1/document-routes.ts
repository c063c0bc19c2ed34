import { createHash } from 'node:crypto';
import type { Operation } from '#contract/operation.ts';
import { v1Swagger } from '#contract/v1/swagger.ts';
import { renderedJson } from '#platform/http/answers.ts';
import type { BoundOperation } from '#platform/http/types.ts';

/** Where clients look for the document, first at the root of the host. */
const PLACES = ['', '/v1', '/v1/enterprise'];

/** Routes of the document of the first generation, rendered on first use. */
export function v1DocumentRoutes(): BoundOperation[] {
  let rendered: ReturnType<typeof renderedJson> | undefined;
  function document() {
    if (!rendered) {
      const text = JSON.stringify(v1Swagger());
      rendered = renderedJson(text, createHash('sha256').update(text).digest('hex').slice(0, 16));
    }
    return rendered;
  }
  return PLACES.map((prefix) => ({ operation: DOCUMENT, prefix, handle: document }));
}

const DOCUMENT: Operation = {
  id: 'v1_swagger_document',
  method: 'GET',
  path: '/swagger.json',
  tag: 'System',
  summary: 'Read the document of the first generation',
  permission: 'anonymous',
  success: { status: 200, contentType: 'application/json', raw: true },
  errors: [],
};
