import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, isObjectType, isScalarType } from 'graphql';
import { artifactResolvers } from './artifacts.ts';
import { dateTimeConfig, type TimeFormat } from './date-time.ts';
import { matchResolvers } from './matches.ts';
import { policyResolvers } from './policies.ts';
import { providedResolvers } from './provided.ts';
import type { Resolvers } from './resolvers.ts';
import { runtimeResolvers } from './runtime.ts';
import { vulnerabilityResolvers } from './vulnerabilities.ts';

const PATH = join(import.meta.dirname, 'reports.graphql');
const PARTS: readonly Resolvers[] = [
  vulnerabilityResolvers,
  artifactResolvers,
  matchResolvers,
  policyResolvers,
  runtimeResolvers,
  providedResolvers,
];

let text: string | undefined;
const schemas = new Map<TimeFormat, GraphQLSchema>();

/** The schema in the schema definition language. */
export function reportSchemaText(): string {
  text ??= readFileSync(PATH, 'utf8');
  return text;
}

/**
 * The schema with its resolvers, whose answers have times in a format: a scalar does not know who asks. A resolver of a field
 * that does not exist is an error.
 */
export function reportSchema(times: TimeFormat = 'NAIVE'): GraphQLSchema {
  let schema = schemas.get(times);
  if (!schema) {
    schema = withResolvers(buildSchema(reportSchemaText()), times);
    schemas.set(times, schema);
  }
  return schema;
}

function withResolvers(built: GraphQLSchema, times: TimeFormat): GraphQLSchema {
  const dateTime = built.getType('DateTime');
  if (isScalarType(dateTime)) Object.assign(dateTime, dateTimeConfig(times));
  for (const part of PARTS) {
    for (const [typeName, fields] of Object.entries(part)) {
      const type = built.getType(typeName);
      if (!isObjectType(type)) throw new Error(`the report schema has no type ${typeName}`);
      for (const [name, resolve] of Object.entries(fields)) {
        const field = type.getFields()[name];
        if (!field) throw new Error(`the report schema has no field ${typeName}.${name}`);
        field.resolve = resolve;
      }
    }
  }
  return built;
}
