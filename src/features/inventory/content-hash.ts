import { hash } from 'node:crypto';
import { json } from '#platform/database/json.ts';

/** JSON text with the keys of the object in order, so that equal maps are equal texts. */
export function orderedJson(map: Readonly<Record<string, string>> | null | undefined): string {
  if (!map) return '{}';
  const keys = Object.keys(map);
  const isOrdered = keys.every((key, index) => index === 0 || keys[index - 1]! < key);
  const ordered = isOrdered ? map : Object.fromEntries(keys.sort().map((key) => [key, map[key]]));
  const text = JSON.stringify(ordered);
  // an escape may be one that the database refuses
  return text.includes('\\u') ? json(ordered) : text;
}

/** Between texts that are hashed together; JSON and names do not hold it. */
const SEPARATOR = '\u0001';

/** Hash of texts in order. */
export function hashOf(...texts: (string | null)[]): string {
  return hash('sha256', texts.join(SEPARATOR), 'base64url');
}

/** Hash of a set of texts, whatever their order. */
export function hashOfSet(texts: string[]): string {
  return hash('sha256', texts.sort().join('\n'), 'base64url');
}
