import { createHash } from 'node:crypto';
import { reportError } from './report-error.ts';

const VERSION = 2;

/** Where a page ended: the values of its last row by which the list is ordered. */
export type Position = (string | number)[];

/** What a token belongs to: a list with everything that decides its rows and their order. */
export function tokenSubject(...parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map(canonical)))
    .digest('base64url')
    .slice(0, 16);
}

/** Tells whether a position is as it was given out: statements take its values by their types. */
function checkOf(subject: string, position: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, position]))
    .digest('base64url')
    .slice(0, 8);
}

/** An opaque token: version, subject, check and position. It gives no access, it only says where to go on. */
export function encodeToken(subject: string, position: Position): string {
  return Buffer.from(JSON.stringify([VERSION, subject, checkOf(subject, position), ...position])).toString('base64url');
}

/** The position that a token holds. Throws for tokens of another list, filter, order or account. */
export function decodeToken(token: string, subject: string, length: number): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    parts = undefined;
  }
  if (!Array.isArray(parts) || parts[0] !== VERSION || typeof parts[1] !== 'string')
    throw reportError('TOKEN_INVALID', 'nextToken is not a token of this server: start again without it');
  if (parts[1] !== subject)
    throw reportError(
      'TOKEN_INVALID',
      'nextToken belongs to another query: filter, order, account and parent must be those of the page that it came with',
    );
  const position = parts.slice(3);
  if (
    parts[2] !== checkOf(subject, position) ||
    position.length !== length ||
    !position.every((part) => typeof part === 'string' || Number.isSafeInteger(part))
  )
    throw reportError('TOKEN_INVALID', 'nextToken is damaged: start again without it');
  return position as Position;
}

/** The subject that a token claims; empty for what is no token. It is checked when the token is decoded. */
export function subjectOfToken(token: string): string {
  try {
    return String((JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[])[1]);
  } catch {
    return '';
  }
}

/** Members that do not filter count as absent, and their order does not matter. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]);
}
