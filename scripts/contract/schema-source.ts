import { type ReferenceSchema, refName } from './reference.ts';

/** What a piece of generated source needs from elsewhere. */
export interface Needs {
  schemas: Set<string>;
  fields: Set<string>;
}

export interface SourceContext extends Needs {
  /** The schema is part of a request: defaults apply. */
  request: boolean;
}

const TIMES = new Set(['date-time', 'datetime', 'data-time']);
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const isNull = (schema: ReferenceSchema): boolean =>
  schema.$ref?.endsWith('/NullType') === true || (schema.enum?.length === 1 && schema.enum[0] === null);
const onlyRequired = (schema: ReferenceSchema): boolean => Object.keys(schema).join() === 'required';

/** Zod source text of a schema. */
export function schemaSource(schema: ReferenceSchema, context: SourceContext): string {
  const source = baseSource(schema, context);
  return schema.nullable ? `${source}.nullable()` : source;
}

function baseSource(schema: ReferenceSchema, context: SourceContext): string {
  if (schema.$ref) {
    const name = refName(schema.$ref);
    context.schemas.add(name);
    return name;
  }
  if (schema.allOf) return joined(schema, context);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives && !alternatives.every(onlyRequired)) return union(alternatives, context);
  if (schema.enum && schema.type !== 'boolean') return enumeration(schema.enum);
  switch (schema.type) {
    case 'string':
      return text(schema, context);
    case 'integer':
      return bounds('z.int()', schema);
    case 'number':
      return bounds('z.number()', schema);
    case 'boolean':
      return 'z.boolean()';
    case 'array':
      return `z.array(${schema.items ? schemaSource(schema.items, context) : 'z.unknown()'})`;
    case 'object':
      return object(schema, context);
    default:
      return schema.properties ? object(schema, context) : 'z.unknown()';
  }
}

function joined(schema: ReferenceSchema, context: SourceContext): string {
  const parts = schema.allOf!;
  const [first, ...rest] = parts;
  let source = schemaSource(first!, context);
  for (const part of rest) {
    if (part.$ref) source += `.extend(${schemaSource(part, context)}.shape)`;
    else if (part.properties) source += `.extend(${shape(part, context)})`;
    if (part.required && !part.properties)
      source += `.required({ ${part.required.map((name) => `${name}: true`).join(', ')} })`;
  }
  if (schema.required) source += `.required({ ${schema.required.map((name) => `${name}: true`).join(', ')} })`;
  return source;
}

function union(alternatives: ReferenceSchema[], context: SourceContext): string {
  const real = alternatives.filter((one) => !isNull(one));
  const sources = real.map((one) => schemaSource(one, context));
  const source = sources.length === 1 ? sources[0]! : `z.union([${sources.join(', ')}])`;
  return real.length < alternatives.length ? `${source}.nullable()` : source;
}

function enumeration(values: (string | boolean | null)[]): string {
  const words = values.filter((value) => typeof value === 'string');
  if (!words.length) return 'z.null()';
  const source = `z.enum([${words.map(quote).join(', ')}])`;
  return words.length < values.length ? `${source}.nullable()` : source;
}

function text(schema: ReferenceSchema, context: SourceContext): string {
  let source = 'z.string()';
  if (schema.format && TIMES.has(schema.format)) {
    context.fields.add('timestamp');
    source = 'timestamp';
  } else if (schema.format === 'uuid') source = 'z.guid()';
  if (schema.minLength !== undefined && !schema.pattern) source += `.min(${schema.minLength})`;
  if (schema.maxLength !== undefined && !schema.pattern) source += `.max(${schema.maxLength})`;
  if (schema.pattern) source += `.regex(${new RegExp(schema.pattern).toString()})`;
  return source;
}

function bounds(source: string, schema: ReferenceSchema): string {
  let result = source;
  if (schema.minimum !== undefined) result += `.min(${schema.minimum})`;
  if (schema.maximum !== undefined) result += `.max(${schema.maximum})`;
  return result;
}

function object(schema: ReferenceSchema, context: SourceContext): string {
  const extra = schema.additionalProperties;
  if (!schema.properties || !Object.keys(schema.properties).length) {
    const value = extra && typeof extra === 'object' ? schemaSource(extra, context) : 'z.unknown()';
    return `z.record(z.string(), ${value})`;
  }
  const kind = extra === false ? 'strictObject' : extra === true ? 'looseObject' : 'object';
  const source = `z.${kind}(${shape(schema, context)})`;
  const oneOf = (schema.anyOf ?? schema.oneOf)?.filter(onlyRequired).flatMap((one) => one.required!);
  if (!oneOf?.length) return source;
  context.fields.add('oneOfFields');
  return `${source}.refine(...oneOfFields(${oneOf.map(quote).join(', ')}))`;
}

function shape(schema: ReferenceSchema, context: SourceContext): string {
  const required = new Set(schema.required);
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
    let source = schemaSource(property, context);
    if (!required.has(name)) {
      const value = property.default;
      const defaulted = context.request && value !== undefined && value !== null;
      source += defaulted ? `.default(${JSON.stringify(value)})` : '.optional()';
      source = source.replace(/\.nullable\(\)\.optional\(\)$/, '.nullish()');
    }
    if (property.deprecated) source += '.meta({ deprecated: true })';
    else if (property.readOnly) source += '.meta({ readOnly: true })';
    return `${key}: ${source},`;
  });
  return `{\n${lines.join('\n')}\n}`;
}
