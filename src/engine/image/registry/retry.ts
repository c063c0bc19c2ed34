import type { Clock } from './clock.ts';

/** Statuses that mean "later": the same request may succeed then. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Requests are repeated this often. */
export const MAX_RETRIES = 5;
/** Longest wait that is sat out; a registry that asks for more gets a `rate-limited` error. */
export const MAX_WAIT_MS = 60_000;
const BASE_MS = 500;

/** True for statuses worth repeating. */
export function isTransient(status: number): boolean {
  return TRANSIENT.has(status);
}

/** Exponential back-off with full jitter, milliseconds; `attempt` counts from 0. */
export function backoff(attempt: number, clock: Clock): number {
  return Math.round(clock.random() * Math.min(30_000, BASE_MS * 2 ** attempt));
}

/** Reads `Retry-After` (RFC 9110 §10.2.3), seconds or a date, as milliseconds from now. */
export function retryAfter(header: string | string[] | undefined, clock: Clock): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now());
}
