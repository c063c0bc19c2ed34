import type { FastifyInstance } from 'fastify';

/** A Schema Object of the served document. */
export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean | number;
  exclusiveMaximum?: boolean | number;
  minItems?: number;
  maxItems?: number;
}

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

/** An operation as the served document describes it. */
export interface DocumentedOperation {
  id: string;
  method: string;
  /** With the prefix of the server. */
  path: string;
  parameters: Parameter[];
  /** Body schema by media type. */
  bodies: Record<string, Schema>;
  bodyRequired: boolean;
  /** Documented statuses of success. */
  successes: number[];
}

/** The document that a server serves, with its operations and named schemas. */
export interface ApiDocument {
  operations: DocumentedOperation[];
  schemas: Record<string, Schema>;
}

interface OperationObject {
  operationId: string;
  parameters?: Parameter[];
  responses: Record<string, unknown>;
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
}

/** Reads what a client would read. */
export async function readDocument(server: FastifyInstance): Promise<ApiDocument> {
  const document = (await server.inject('/v2/openapi.json')).json<{
    paths: Record<string, Record<string, OperationObject>>;
    components: { schemas: Record<string, Schema> };
  }>();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path: `/v2${path}`,
      parameters: operation.parameters ?? [],
      bodies: Object.fromEntries(
        Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema]),
      ),
      bodyRequired: operation.requestBody?.required ?? false,
      successes: Object.keys(operation.responses)
        .map(Number)
        .filter((status) => status < 400),
    })),
  );
  return { operations, schemas: document.components.schemas };
}
