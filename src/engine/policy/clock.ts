const DAY_MS = 86_400_000;

/**
 * The instant of an evaluation. Every time condition goes through it, so that the evaluation knows until when its
 * answer holds: the next instant at which a condition that was read changes.
 */
export interface Clock {
  readonly now: number;
  /** Has the instant (ms since the epoch) been reached? A future one bounds the validity of the answer. */
  reached(instant: number): boolean;
  /** Is `since` (RFC 3339) at least `days` days ago? 0 days is always true; undefined when `since` is not a time. */
  olderThan(since: string, days: number): boolean | undefined;
  /** Earliest future instant that was asked for; undefined when nothing read depends on time. */
  validUntil(): number | undefined;
}

/** A clock that stands at `now`. */
export function createClock(now: Date): Clock {
  const at = now.getTime();
  let next: number | undefined;
  function reached(instant: number): boolean {
    if (at >= instant) return true;
    if (next === undefined || instant < next) next = instant;
    return false;
  }
  return {
    now: at,
    reached,
    olderThan(since, days) {
      if (days === 0) return true;
      const start = Date.parse(since);
      return Number.isNaN(start) ? undefined : reached(start + days * DAY_MS);
    },
    validUntil: () => next,
  };
}

const RFC3339 =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[Tt ]((?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60))(?:[.:](\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Milliseconds since the epoch of an RFC 3339 time. A fraction after `:` is read too, because old documents hold
 * it. Undefined for anything else, bare dates and impossible dates included.
 */
export function parseInstant(text: string): number | undefined {
  const match = RFC3339.exec(text.trim());
  if (!match) return undefined;
  const [, date, time, fraction, zone] = match;
  const milliseconds = fraction === undefined ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const [seconds, leap] = time!.endsWith(':60') ? [`${time!.slice(0, -2)}59`, 1_000] : [time!, 0];
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return undefined;
  const instant = Date.parse(`${date}T${seconds}${milliseconds}${zone!.toUpperCase()}`);
  return Number.isNaN(instant) ? undefined : instant + leap;
}
