import type { z } from 'zod';
import { fieldMeta } from '#contract/wire-schema.ts';
import { ProblemError } from './error-bodies.ts';

type Place = 'body' | 'query' | 'path' | 'header';
type Issue = z.core.$ZodIssue;

const MAX_ISSUES = 5;

/** Parses one part of a request; throws a 400 problem whose detail names each field and the reason. */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown, place: Place): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ProblemError(400, describeIssues(result.error.issues, place));
}

/** One sentence per issue, at most five. */
export function describeIssues(issues: readonly Issue[], place: Place): string {
  const lines = [...new Set(issues.flatMap((issue) => describe(issue, place)))];
  const shown = lines.slice(0, MAX_ISSUES).join('; ');
  return lines.length > MAX_ISSUES ? `${shown}; and ${lines.length - MAX_ISSUES} more` : shown;
}

function describe(issue: Issue, place: Place): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (name) => `Additional properties are not allowed ('${name}' was unexpected)${at(path, place)}`,
    );
  }
  if (missing(issue)) {
    const name = path.at(-1);
    if (name === undefined) return [`'${place}' is a required property: the request has none`];
    return [`'${name}' is a required property${at(path.slice(0, -1), place)}`];
  }
  return [`${reason(issue)}${at(path, place)}`];
}

function missing(issue: Issue): boolean {
  const typed = issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';
  return typed && issue.input === undefined;
}

function reason(issue: Issue): string {
  const value = shorten(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return `${value} is not of type '${jsonType(issue.expected)}'`;
    case 'invalid_value':
      return `${value} is not one of [${issue.values.map((one) => `'${String(one)}'`).join(', ')}]`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? `${value} does not match '${issue.pattern}'`
        : `${value} is not a '${issue.format === 'datetime' ? 'date-time' : issue.format}'`;
    case 'invalid_union':
      return `${value} is not valid under any of the given schemas`;
    case 'too_small':
      return `${value} is too small: at least ${issue.minimum} expected`;
    case 'too_big':
      return `${value} is too large: at most ${issue.maximum} expected`;
    case 'custom':
      return /^one of /.test(issue.message) ? issue.message : `${value} ${issue.message}`;
    default:
      return `${value}: ${issue.message}`;
  }
}

function at(path: string[], place: Place): string {
  if (place === 'body') return path.length ? ` - '${path.join('.')}'` : '';
  return ` - ${place} parameter${path.length ? ` '${path.join('.')}'` : ''}`;
}

function jsonType(expected: string): string {
  if (expected === 'int') return 'integer';
  if (expected === 'record') return 'object';
  return expected;
}

function shorten(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 80 ? `${value.slice(0, 80)}…` : value}'`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Fits a parsed query string to its schema: the last of repeated scalars wins, empty booleans, numbers and lists are absent. */
export function queryReader(schema: z.ZodObject): (query: Record<string, unknown>) => Record<string, unknown> {
  const kinds = new Map(
    Object.entries(schema.shape).map(([name, field]) => [name, fieldMeta(field as z.ZodType).wire?.type]),
  );
  return (query) => {
    const result: Record<string, unknown> = {};
    for (const [name, kind] of kinds) {
      let value = query[name];
      if (Array.isArray(value) && kind !== 'array') value = value.at(-1);
      if (value === undefined || (value === '' && kind !== undefined)) continue;
      result[name] = value;
    }
    return result;
  };
}
