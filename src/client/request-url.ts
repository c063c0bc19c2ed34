import type { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import { fieldMeta } from '#contract/wire-schema.ts';

/** URL of a call below the server's base, e.g. `/v2/images?full_tag=…`. Throws on a missing path parameter. */
export function requestUrl(operation: Operation, input: { params?: object; query?: object }): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === '')
      throw new TypeError(`${operation.id}: path parameter '${name}' is missing`);
    // a dot segment would be resolved away before it reaches the server
    const text = encodeURIComponent(String(value));
    return text === '.' || text === '..' ? text.replaceAll('.', '%2E') : text;
  });
  const search = queryString(operation, (input.query ?? {}) as Record<string, unknown>);
  return `/v2${path}${search ? `?${search}` : ''}`;
}

/** Lists go comma-joined, or repeated where the operation says so; absent values are left out. */
function queryString(operation: Operation, query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  const shape = (operation.query?.shape ?? {}) as Record<string, z.ZodType>;
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const field = shape[name];
    if (!Array.isArray(value)) search.append(name, wireText(value));
    else if (field && fieldMeta(field).explode) for (const item of value) search.append(name, wireText(item));
    else if (value.length) search.append(name, value.map(wireText).join(','));
  }
  return search.toString();
}

function wireText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
