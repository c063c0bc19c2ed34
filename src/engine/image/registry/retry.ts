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
