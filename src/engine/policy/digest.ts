import { createHash } from 'node:crypto';
import type { PolicyDocument } from './document.ts';

/** `sha256:…` of the document as canonical JSON (sorted keys, no spaces); `last_updated` is informational and left out. */
export function policyDigest(document: PolicyDocument): string {
  const { last_updated: _, ...content } = document;
  return `sha256:${createHash('sha256').update(canonicalJson(content)).digest('hex')}`;
}

/** JSON with sorted keys and without spaces. Undefined members are left out, as in JSON.stringify. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
