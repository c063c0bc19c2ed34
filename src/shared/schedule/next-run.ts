import { type Cron, fitsDay } from './cron.ts';
import { momentsOf, type TimeZone } from './time-zone.ts';

const DAY = 86_400_000;
/** Eight years without the day that is wanted: 29 February over a century that has none. */
const MAX_DAYS = 8 * 366 + 2;

/**
 * The first moment after another one at which a schedule is due, by the clocks of a zone. When clocks are set forward
 * over it, it is due right after; when they are set back, a schedule of given hours is due once, one of every hour each
 * time. Undefined: never.
 */
export function nextRun(cron: Cron, zone: TimeZone, after: Date): Date | undefined {
  const local = after.getTime() + zone.offsetAt(after.getTime());
  // A day earlier: the clock may have been set back over midnight.
  const first = Math.floor(local / DAY) * DAY - DAY;
  for (let n = 0, day = first; n < MAX_DAYS; n++, day += DAY) {
    const date = new Date(day);
    const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    if (!fitsDay(cron, parts)) continue;
    const found = firstOfDay(cron, zone, day, after.getTime());
    if (found !== undefined) return new Date(found);
  }
  return undefined;
}

function firstOfDay(cron: Cron, zone: TimeZone, day: number, after: number): number | undefined {
  let best: number | undefined;
  for (const hour of cron.hours) {
    const start = day + hour * 3_600_000;
    // An hour that lies wholly before, whatever the clocks did.
    if (start - zone.offsetAt(start) + 4 * 3_600_000 < after) continue;
    for (const minute of cron.minutes) {
      const moments = momentsOf(zone, start + minute * 60_000);
      for (const moment of cron.anyHour ? moments : moments.slice(0, 1))
        if (moment > after && (best === undefined || moment < best)) best = moment;
    }
    // Later hours of a day come later, but for the hours that a clock shows twice.
    if (best !== undefined && start - zone.offsetAt(start) > best + 4 * 3_600_000) break;
  }
  return best;
}
