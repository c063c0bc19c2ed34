/** Offsets of a time zone of the IANA database. */
export interface TimeZone {
  /** Milliseconds to add to UTC for local time at a moment. */
  offsetAt(time: number): number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const zones = new Map<string, TimeZone>();

/** A zone by name, e.g. `Europe/Berlin`; undefined when there is none. */
export function findTimeZone(name: string): TimeZone | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,99}$/.test(name)) return undefined;
  const known = zones.get(name);
  if (known) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return undefined;
  }
  const zone: TimeZone = {
    offsetAt(time) {
      const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
      return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / MINUTE) * MINUTE;
    },
  };
  zones.set(name, zone);
  return zone;
}

/**
 * Moments that a clock shows a local time at (given as if it were UTC), in order: one; two where the clock is set back;
 * where it is set forward over it, the moment as late after the change as the time lies after its start.
 */
export function momentsOf(zone: TimeZone, local: number): number[] {
  const before = zone.offsetAt(local - DAY);
  const after = zone.offsetAt(local + DAY);
  if (before === after) return [local - before];
  const moments = [local - before, local - after].filter((time) => time + zone.offsetAt(time) === local);
  return moments.length > 0 ? [...new Set(moments)].sort((a, b) => a - b) : [local - before];
}
