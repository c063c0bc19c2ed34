import { isObject, type Json } from '#shared/json-object.ts';

/** The value as an object; empty for anything else. */
export function fields(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** Members of an object that are objects, with their keys. */
export function entries(value: unknown): [string, Json][] {
  return Object.entries(fields(value)).filter((entry): entry is [string, Json] => isObject(entry[1]));
}

/** A text that is not empty and of a sane length; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 1024 ? value : undefined;
}

/** Texts of a list, or the one text. */
export function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => text(one) ?? []);
}

/** Parses JSON. Throws for text that is none or no object. */
export function parseJson(source: string): Json {
  const value: unknown = JSON.parse(source.replace(/^\ufeff/, ''));
  if (!isObject(value)) throw new SyntaxError('no JSON object');
  return value;
}
