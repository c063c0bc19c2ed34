import { buffer } from 'node:stream/consumers';
import type { BodyStream } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';

/** A document as a request brings it. */
export interface GraphqlDocument {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

type Parameters = { query?: string | undefined; variables?: string | undefined; operationName?: string | undefined };

/** The document of a query string. */
export function readParameters({ query, variables, operationName }: Parameters): GraphqlDocument {
  if (!query) throw badRequest("a GraphQL document is expected in the parameter 'query'");
  return { query, variables: readVariables(variables), operationName: operationName || undefined };
}

/** The document of a body: JSON, or GraphQL text with variables in the query string. */
export async function readDocument(stream: BodyStream, parameters: Parameters): Promise<GraphqlDocument> {
  const text = (await buffer(stream.bytes)).toString('utf8');
  if (stream.contentType === 'application/graphql') return readParameters({ ...parameters, query: text });
  if (!text.trim()) return readParameters(parameters);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (Array.isArray(body)) throw badRequest('one document is expected, not a list of them: send them one by one');
  if (typeof body !== 'object' || body === null) throw badRequest('a JSON object with a member query is expected');
  const { query, variables, operationName } = body as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') throw badRequest("'query' must be a GraphQL document as text");
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    throw badRequest("'operationName' must be a text");
  return { query, variables: readVariables(variables), operationName: operationName || undefined };
}

function readVariables(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  let read = value;
  if (typeof value === 'string') {
    try {
      read = JSON.parse(value);
    } catch {
      throw badRequest("'variables' is not valid JSON");
    }
  }
  if (read === null) return undefined;
  if (typeof read !== 'object' || Array.isArray(read)) throw badRequest("'variables' must be a JSON object");
  return read as Record<string, unknown>;
}
