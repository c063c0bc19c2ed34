import { permissionSource } from './nouns.ts';
import type { PlacedOperation, ReferenceParameter } from './reference.ts';
import { type Needs, schemaSource } from './schema-source.ts';
import { operationWords } from './words.ts';

const TIMES = new Set(['date-time', 'datetime', 'data-time']);
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

/** Source of one `defineOperation` entry. */
export function operationSource(operation: PlacedOperation, needs: Needs): string {
  const parameters = operation.parameters ?? [];
  const words = operationWords(operation.operationId);
  const lines = [
    `id: '${operation.operationId}',`,
    `method: '${operation.method}',`,
    `path: '${operation.path}',`,
    `tag: '${operation.tags?.[0] ?? 'Other'}',`,
    `summary: ${JSON.stringify(words)},`,
    `permission: ${permissionSource(operation)},`,
    ...parameterLines(parameters, needs),
    ...bodyLines(operation, needs),
    `success: ${successSource(operation, needs)},`,
    `errors: [${errorsOf(operation).join(', ')}],`,
  ];
  if (operation.path.endsWith('/{registry}')) lines.splice(3, 0, `greedy: 'registry',`);
  return `/** ${words}. */\n${operation.operationId}: defineOperation({\n${lines.join('\n')}\n}),`;
}

function parameterLines(parameters: ReferenceParameter[], needs: Needs): string[] {
  const path = parameters.filter((parameter) => parameter.in === 'path');
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const lines: string[] = [];
  if (path.length)
    lines.push(`params: z.object({ ${path.map((parameter) => pathField(parameter, needs)).join(', ')} }),`);
  if (query.length)
    lines.push(`query: z.object({\n${query.map((parameter) => queryField(parameter, needs)).join('\n')}\n}),`);
  return lines;
}

function pathField(parameter: ReferenceParameter, needs: Needs): string {
  const schema = { ...parameter.schema };
  if (schema.format === 'path') delete schema.format;
  return `${key(parameter.name)}: ${schemaSource({ type: 'string', ...schema }, { ...needs, request: true })}`;
}

function queryField(parameter: ReferenceParameter, needs: Needs): string {
  const schema = parameter.schema ?? { type: 'string' };
  const field = (name: string): string => {
    needs.fields.add(name);
    return name;
  };
  let source: string;
  if (schema.type === 'boolean') source = `${field('queryBoolean')}()`;
  else if (schema.type === 'integer') source = `${field('queryInteger')}(${boundsOf(schema)})`;
  else if (schema.type === 'array') {
    const boolean = schema.items?.type === 'boolean';
    const item = boolean
      ? `${field('queryBoolean')}()`
      : schemaSource({ ...schema.items, nullable: false }, { ...needs, request: true });
    source = `${field('queryList')}(${item}${parameter.explode === false ? '' : ', { repeated: true }'})`;
  } else if (schema.format && TIMES.has(schema.format)) source = `${field('queryTime')}()`;
  else source = schemaSource({ ...schema, nullable: false }, { ...needs, request: true });
  if (!parameter.required) {
    const value = schema.default;
    source += value === undefined || value === null ? '.optional()' : `.default(${JSON.stringify(value)})`;
  }
  return `${key(parameter.name)}: ${source},`;
}

function boundsOf({ minimum, maximum }: { minimum?: number; maximum?: number }): string {
  const parts = [];
  if (minimum !== undefined) parts.push(`min: ${minimum}`);
  if (maximum !== undefined) parts.push(`max: ${maximum}`);
  return parts.length ? `{ ${parts.join(', ')} }` : '';
}

function bodyLines(operation: PlacedOperation, needs: Needs): string[] {
  const body = operation.requestBody;
  if (!body) return [];
  const types = Object.keys(body.content);
  const [type] = types;
  const schema = body.content[type!]?.schema ?? {};
  if (type === 'application/json') {
    const lines = [`body: ${schemaSource(schema, { ...needs, request: true })},`];
    return lines;
  }
  if (type === 'application/x-www-form-urlencoded') {
    return [`body: ${schemaSource(schema, { ...needs, request: true })},`, 'form: true,', 'optionalBody: true,'];
  }
  const contentTypes = `contentTypes: [${types.map((name) => `'${name}'`).join(', ')}]`;
  if (type !== 'multipart/form-data') return [`raw: { ${contentTypes} },`];
  const parts = Object.entries((schema as { properties?: Record<string, { format?: string }> }).properties ?? {});
  const names = (file: boolean) =>
    parts.flatMap(([name, { format }]) => ((format === 'binary') === file ? [`'${name}'`] : []));
  const [files, fields] = [names(true), names(false)];
  return [
    `raw: { ${contentTypes}, multipart: true${fields.length ? `, fields: [${fields.join(', ')}]` : ''}${
      files.join() === "'file'" ? '' : `, files: [${files.join(', ')}]`
    } },`,
  ];
}

/** SBOM and VEX documents are rendered by their writers, not from a schema here. */
const RENDERED = /\/(sboms?|vex)\//;

function successSource(operation: PlacedOperation, needs: Needs): string {
  const [status, response] = Object.entries(operation.responses).find(([code]) => code.startsWith('2'))!;
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  if (!type) return `{ status: ${status}, schema: null }`;
  const schema = schemaSource(media?.schema ?? {}, { ...needs, request: false });
  const raw = type !== 'application/json' || (RENDERED.test(operation.path) && media?.schema?.type === 'string');
  if (raw) return `{ status: ${status}, contentType: '${type}', raw: true, schema: ${schema} }`;
  return `{ status: ${status}, schema: ${schema} }`;
}

function errorsOf(operation: PlacedOperation): number[] {
  return Object.keys(operation.responses)
    .map(Number)
    .filter((status) => status >= 400)
    .sort((a, b) => a - b);
}
