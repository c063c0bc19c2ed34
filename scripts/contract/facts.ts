/**
 * A type as far as clients see it: a JSON type name, `any`, `#Name` of a schema, a list of one item type, or fields
 * (`name!` = required).
 */
export type TypeFacts = string | [TypeFacts] | { [field: string]: TypeFacts };

export interface OperationFacts {
  method: string;
  path: string;
  /** `query limit` → type; `!` after the name when required. Path parameters only by number, their names are free. */
  parameters: Record<string, string>;
  pathParameters: number;
  body?: { required: boolean; contentTypes: string[]; type: TypeFacts };
  /** Success statuses with the type of the body; null when empty. */
  success: Record<string, TypeFacts | null>;
  errors: number[];
}

/** What a contract promises, without any words. */
export interface ContractFacts {
  operations: Record<string, OperationFacts>;
  schemas: Record<string, TypeFacts>;
}

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: unknown;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface DocumentOperation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Content };
  responses?: Record<string, { content?: Content }>;
}

/** The parts of an OpenAPI 3.0 document that are compared. */
export interface ComparedDocument {
  paths: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, unknown>; parameters?: Record<string, unknown> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Extracts the facts of an OpenAPI 3.0 document. */
export function contractFacts(document: ComparedDocument): ContractFacts {
  const named = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const operations: ContractFacts['operations'] = {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as DocumentOperation | undefined;
      if (!operation?.operationId) continue;
      const shared = (item.parameters ?? []) as Parameter[];
      const parameters = [...shared, ...(operation.parameters ?? [])].map((one) => resolve(one, document));
      operations[operation.operationId] = operationFacts(operation, method, path, parameters, named);
    }
  }
  const schemas = Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, typeFacts(schema, named)]));
  return { operations, schemas };
}

function resolve(parameter: Parameter, document: ComparedDocument): Parameter {
  const name = parameter.$ref?.split('/').at(-1);
  return name ? (document.components!.parameters![name] as Parameter) : parameter;
}

function operationFacts(
  operation: DocumentOperation,
  method: string,
  path: string,
  parameters: Parameter[],
  named: Record<string, Schema>,
): OperationFacts {
  const rest = parameters.filter((one) => one.in !== 'path');
  const responses = Object.entries(operation.responses ?? {});
  const facts: OperationFacts = {
    method: method.toUpperCase(),
    path,
    parameters: Object.fromEntries(
      rest.map((one) => {
        const type = typeFacts(one.schema ?? {}, named);
        const name = one.in === 'header' ? one.name.toLowerCase() : one.name;
        return [
          `${one.in} ${name}`,
          `${typeof type === 'string' ? type : Array.isArray(type) ? 'array' : 'object'}${one.required ? '!' : ''}`,
        ];
      }),
    ),
    pathParameters: parameters.length - rest.length,
    success: Object.fromEntries(
      responses.filter(([code]) => code.startsWith('2')).map(([code, one]) => [code, contentFacts(one.content, named)]),
    ),
    errors: responses
      .map(([code]) => Number(code))
      .filter((code) => code >= 400)
      .sort((a, b) => a - b),
  };
  const body = operation.requestBody;
  if (body) {
    const type = contentFacts(body.content, named) ?? 'any';
    facts.body = { required: body.required === true, contentTypes: Object.keys(body.content ?? {}), type };
  }
  return facts;
}

function contentFacts(content: Content | undefined, named: Record<string, Schema>): TypeFacts | null {
  const entries = Object.entries(content ?? {});
  const [, media] = entries.find(([type]) => type.includes('json')) ?? entries[0] ?? [];
  return media?.schema ? typeFacts(media.schema, named) : null;
}

function typeFacts(schema: Schema, named: Record<string, Schema>): TypeFacts {
  if (schema.$ref) return `#${schema.$ref.split('/').at(-1)}`;
  if (schema.allOf) return merged(schema, named);
  const alternatives = (schema.anyOf ?? schema.oneOf)?.filter((one) => !isNull(one, named));
  if (alternatives?.length && !schema.properties)
    return alternatives.length === 1 ? typeFacts(alternatives[0]!, named) : 'any';
  if (schema.type === 'array' || schema.items) return [schema.items ? typeFacts(schema.items, named) : 'any'];
  if (schema.properties && Object.keys(schema.properties).length) return fields(schema, named);
  if (schema.type) return schema.type;
  const sample = schema.enum?.find((value) => value !== null);
  return sample === undefined ? 'any' : typeof sample;
}

function isNull(schema: Schema, named: Record<string, Schema>): boolean {
  const target = schema.$ref ? named[schema.$ref.split('/').at(-1)!] : schema;
  return target?.enum?.length === 1 && target.enum[0] === null;
}

function fields(schema: Schema, named: Record<string, Schema>): Record<string, TypeFacts> {
  const required = new Set(schema.required);
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    entries.map(([name, one]) => [required.has(name) ? `${name}!` : name, typeFacts(one, named)]),
  );
}

function merged(schema: Schema, named: Record<string, Schema>): TypeFacts {
  const parts = schema.allOf!;
  if (schema.type && schema.type !== 'object') return schema.type;
  if (parts.length === 1 && !schema.required?.length && !schema.properties) return typeFacts(parts[0]!, named);
  const all: Record<string, TypeFacts> = {};
  const required = new Set(schema.required);
  for (const part of [...parts, { properties: schema.properties ?? {} }]) {
    let facts = typeFacts(part, named);
    while (typeof facts === 'string' && facts.startsWith('#')) facts = typeFacts(named[facts.slice(1)] ?? {}, named);
    for (const name of part.required ?? []) required.add(name);
    if (typeof facts === 'object' && !Array.isArray(facts)) Object.assign(all, facts);
  }
  for (const name of required) {
    const type = all[name];
    if (type === undefined) continue;
    delete all[name];
    all[`${name}!`] = type;
  }
  return all;
}
