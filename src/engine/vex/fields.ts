import { isObject, type Json, objectsOf } from '#shared/json-object.ts';
import type { VexIdentity } from './types.ts';

/** Objects nested deeper than this are not followed. */
export const MAX_DEPTH = 64;

/** The objects of a list; a single object counts as a list of one. */
export function objects(value: unknown): Json[] {
  return objectsOf(isObject(value) ? [value] : value);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that is not empty; numbers are written out. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function texts(value: unknown): string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}

/** A time as RFC 3339 in UTC; undefined for what is none. */
export function time(value: unknown): string | undefined {
  const written = text(value);
  if (written === undefined || !/^\d{4}-\d\d-\d\d/.test(written)) return undefined;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** An identity without identifiers. */
export function nobody(): VexIdentity {
  return { purls: [], digests: [], names: [], cpes: [] };
}

/** Adds an identifier of unknown kind: package URL, digest, CPE, or a name. */
export function identify(identity: VexIdentity, identifier: string | undefined): void {
  if (identifier === undefined) return;
  if (/^pkg:/i.test(identifier)) add(identity.purls, identifier);
  else if (/^sha256:[0-9a-f]{64}$/i.test(identifier)) add(identity.digests, identifier.toLowerCase());
  else if (/^cpe:/i.test(identifier)) add(identity.cpes, identifier);
  else add(identity.names, identifier);
}

export function isIdentified(identity: VexIdentity): boolean {
  return [identity.purls, identity.digests, identity.names, identity.cpes].some((ids) => ids.length > 0);
}

/** sha256 in the spellings of the formats: `sha-256`, `SHA256`, `sha256`. */
export function digestOf(algorithm: string | undefined, value: unknown): string | undefined {
  const hex = text(value)?.toLowerCase();
  if (!/^sha-?256$/i.test(algorithm ?? '') || !hex || !/^[0-9a-f]{64}$/.test(hex)) return undefined;
  return `sha256:${hex}`;
}

function add(values: string[], value: string): void {
  if (!values.includes(value)) values.push(value);
}
