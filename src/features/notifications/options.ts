import { z } from 'zod';

/** `22:30` */
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** How a configuration sends, beyond where to. */
export const DeliveryOptions = z.strictObject({
  /** Texts with `{{path.in.event}}`; what is not there becomes nothing. */
  template: z.strictObject({ subject: z.string().max(500), text: z.string().max(20_000) }).optional(),
  /** Events are gathered and told once in so many minutes. */
  digest_minutes: z.int().min(1).max(1_440).optional(),
  /** Nothing is sent between these times of day. */
  quiet_hours: z.strictObject({ from: clock, to: clock, time_zone: z.string().default('UTC') }).optional(),
  /** Most messages within a minute. */
  per_minute: z.int().min(1).max(6_000).optional(),
});
export type DeliveryOptions = z.output<typeof DeliveryOptions>;

/** True for a time zone that this system knows. */
export function knownTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** When the quiet hours that hold at `now` end; undefined when they do not hold. */
export function quietUntil(quiet: DeliveryOptions['quiet_hours'], now: Date): Date | undefined {
  if (!quiet) return undefined;
  const from = minutes(quiet.from);
  const to = minutes(quiet.to);
  const at = minuteOfDay(now, quiet.time_zone);
  // `22:00` to `07:00` spans midnight.
  const inside = from <= to ? at >= from && at < to : at >= from || at < to;
  if (!inside) return undefined;
  const left = (to - at + 1_440) % 1_440;
  return new Date(now.getTime() - (now.getTime() % 60_000) + left * 60_000);
}

function minutes(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function minuteOfDay(now: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return minutes(parts.format(now));
}
