/** A JSON-like object. */
export type Fields = Record<string, unknown>;

/** True for objects that are no lists. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The value as an object; empty for anything else. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Members of an object that are objects, with their keys. */
export function entries(value: unknown): [string, Fields][] {
  return Object.entries(fields(value)).filter((entry): entry is [string, Fields] => isFields(entry[1]));
}

/** Elements of a list that are objects. */
export function rows(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
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
export function parseJson(source: string): Fields {
  const value: unknown = JSON.parse(source.replace(/^\ufeff/, ''));
  if (!isFields(value)) throw new SyntaxError('no JSON object');
  return value;
}
