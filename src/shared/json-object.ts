/** A JSON object of unknown content. */
export type Json = Record<string, unknown>;

/** True for objects that are no lists. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; undefined for anything else. */
export function objectOf(value: unknown): Json | undefined {
  return isObject(value) ? value : undefined;
}

/** The objects of a list; none for anything else. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
