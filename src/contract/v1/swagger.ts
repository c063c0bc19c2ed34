import type { z } from 'zod';
import type { Operation } from '../operation.ts';
import { wireSchema } from '../wire-schema.ts';
import { v1OperationList } from './operations.ts';

/** Version of the first generation that clients compare: from 0.1.6 on they name a tag in the query of `GET /images`. */
export const V1_API_VERSION = '0.1.18';

/** A Swagger 2.0 document of what `/v1` offers: paths, parameters and permissions; old clients read no schemas. */
export function v1Swagger(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { operation } of v1OperationList) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method.toLowerCase()] = render(operation);
  }
  return {
    swagger: '2.0',
    info: {
      title: 'Windlass API, first generation',
      description: 'For clients of the first generation of the API. New clients use /v2.',
      version: V1_API_VERSION,
    },
    basePath: '/v1',
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: { basic: { type: 'basic' } },
    paths,
  };
}

function render(operation: Operation): Record<string, unknown> {
  const { permission, success } = operation;
  return {
    operationId: operation.id.replace(/^v1_/, ''),
    summary: operation.summary,
    tags: [operation.tag],
    security: permission === 'anonymous' ? [] : [{ basic: [] }],
    ...(typeof permission === 'object' ? { 'x-anchore-authz-action': permission.action } : {}),
    ...(operation.raw ? { consumes: operation.raw.contentTypes } : {}),
    parameters: [
      ...parameters('path', operation.params),
      ...parameters('query', operation.query),
      ...formData(operation),
      ...(operation.body
        ? [{ name: 'body', in: 'body', required: operation.optionalBody !== true, schema: { type: 'object' } }]
        : []),
    ],
    responses: { [success.status]: { description: 'Success' }, default: { description: 'Error' } },
  };
}

function parameters(place: 'path' | 'query', object: z.ZodObject | undefined): Record<string, unknown>[] {
  return Object.entries((object?.shape ?? {}) as Record<string, z.ZodType>).map(([name, field]) => {
    const {
      type,
      items,
      default: preset,
    } = wireSchema(field) as { type?: string; items?: { type?: string }; default?: unknown };
    return {
      name,
      in: place,
      required: place === 'path' || !field.safeParse(undefined).success,
      type: type ?? 'string',
      ...(type === 'array' ? { items: { type: items?.type ?? 'string' }, collectionFormat: 'csv' } : {}),
      ...(preset === undefined ? {} : { default: preset }),
    };
  });
}

/** Fields and files of a multipart form. */
function formData({ raw }: Operation): Record<string, unknown>[] {
  if (!raw?.multipart) return [];
  const { files = ['file'], fields = [] } = raw;
  const field = (type: string) => (name: string) => ({ name, in: 'formData', required: false, type });
  return [...fields.map(field('string')), ...files.map(field('file'))];
}
