import { z } from 'zod';

/** A Schema Object of OpenAPI 3.0. */
export type WireSchema = Record<string, unknown>;

/**
 * OpenAPI 3.0 schema of a Zod schema, as clients write it on the wire. Named schemas (`.meta({ id })`) become references
 * to `#/components/schemas/…` and are added to `components`.
 */
export function wireSchema(schema: z.ZodType, components: Record<string, WireSchema> = {}): WireSchema {
  const { definitions, ...root } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema as WireSchema),
  }) as WireSchema & { definitions?: Record<string, WireSchema> };
  for (const [name, definition] of Object.entries(definitions ?? {}))
    components[name] ??= relink(definition) as WireSchema;
  return relink(root) as WireSchema;
}

/** How a query field looks on the wire. */
export interface FieldMeta {
  wire?: { type: 'boolean' | 'integer' | 'array' | 'string' };
  explode?: boolean;
}

/** Metadata of a query field, looking through `optional` and `default`. */
export function fieldMeta(field: z.ZodType): FieldMeta {
  let schema: z.ZodType = field;
  for (;;) {
    const meta = schema.meta() as FieldMeta | undefined;
    if (meta?.wire) return meta;
    const next = (schema.def as { innerType?: z.ZodType }).innerType;
    if (!next) return {};
    schema = next;
  }
}

/** Query fields announce what the client writes; safe-integer bounds and time patterns say nothing to a reader. */
function simplify(schema: WireSchema): void {
  const { wire } = schema;
  if (wire && typeof wire === 'object') {
    const kept = schema.default === undefined ? {} : { default: schema.default };
    for (const key of Object.keys(schema)) delete schema[key];
    Object.assign(schema, wire, kept);
    return;
  }
  if (schema.format === 'date-time') {
    const patterns = (schema.allOf as { pattern: string }[] | undefined)?.map((part) => part.pattern);
    delete schema.allOf;
    delete schema.pattern;
    if (patterns) schema.pattern = patterns.at(-1);
  }
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.id;
}

function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink);
  if (!value || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === '$ref' && typeof item === 'string' ? item.replace('#/definitions/', '#/components/schemas/') : relink(item),
  ]);
  return Object.fromEntries(entries);
}
