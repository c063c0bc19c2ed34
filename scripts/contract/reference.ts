import { readFileSync } from 'node:fs';

/** A Schema Object of OpenAPI 3.0, as far as the reference uses it. */
export interface ReferenceSchema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: (string | boolean | null)[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  nullable?: boolean;
  deprecated?: boolean;
  readOnly?: boolean;
  required?: string[];
  properties?: Record<string, ReferenceSchema>;
  items?: ReferenceSchema;
  additionalProperties?: boolean | ReferenceSchema;
  allOf?: ReferenceSchema[];
  anyOf?: ReferenceSchema[];
  oneOf?: ReferenceSchema[];
}

export interface ReferenceParameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  explode?: boolean;
  schema?: ReferenceSchema;
}

type Content = Record<string, { schema?: ReferenceSchema }>;

export interface ReferenceOperation {
  operationId: string;
  tags?: string[];
  parameters?: ReferenceParameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
  'x-anchore-authz-action'?: string;
}

/** One operation with its place. */
export interface PlacedOperation extends ReferenceOperation {
  method: string;
  path: string;
}

/** The reference document. */
export interface Reference {
  operations: PlacedOperation[];
  schemas: Record<string, ReferenceSchema>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Reads an OpenAPI 3.0 file; operations in the order of the file. */
export function readReference(file: string): Reference {
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, ReferenceOperation> & { parameters?: ReferenceParameter[] }>;
    components: { schemas: Record<string, ReferenceSchema>; parameters?: Record<string, ReferenceParameter> };
  };
  const resolve = (parameter: ReferenceParameter): ReferenceParameter =>
    parameter.$ref ? document.components.parameters![parameter.$ref.split('/').at(-1)!]! : parameter;
  const operations: PlacedOperation[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
      operations.push({ ...operation, parameters, path, method: method.toUpperCase() });
    }
  }
  return { operations, schemas: document.components.schemas };
}

/** Name of a `#/components/schemas/…` reference. */
export function refName(ref: string): string {
  return ref.split('/').at(-1)!;
}
