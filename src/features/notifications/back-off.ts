/** Wait after the first failure of a delivery, seconds; it doubles. */
const FIRST = 2;
/** Longest wait of one delivery, seconds. */
const LONGEST = 900;
/** Longest time for which a receiver that takes nothing is left alone unasked, seconds: what is new must not wait longer. */
const LONGEST_PAUSE = 60;

/** Seconds until a delivery is tried again: doubling, with jitter, and never sooner than the receiver asks for. */
export function retryWait(attempts: number, retryAfter: number | undefined, random = Math.random()): number {
  return Math.max(retryAfter ?? 0, Math.min(LONGEST, doubled(attempts)) * (0.75 + random / 2));
}

/** Seconds for which a receiver is left alone that took nothing so often in a row. */
export function pauseWait(failures: number, retryAfter: number | undefined, random = Math.random()): number {
  return Math.max(retryAfter ?? 0, Math.min(LONGEST_PAUSE, doubled(failures)) * (0.75 + random / 2));
}

function doubled(times: number): number {
  return FIRST * 2 ** Math.min(20, Math.max(0, times - 1));
}
