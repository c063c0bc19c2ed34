/** Reading untrusted JSON: each accessor returns undefined (or an empty list) for anything of another shape. */

export type Json = Record<string, unknown>;

export function object(value: unknown): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => object(item) !== undefined) : [];
}

/** Non-empty text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}
