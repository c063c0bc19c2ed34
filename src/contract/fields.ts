import { z } from 'zod';
import { wireSchema } from './wire-schema.ts';

/** A point in time as RFC 3339 text with a zone, e.g. `2026-01-31T12:00:00Z`. */
export const timestamp = z.iso.datetime({ offset: true });

const TRUE = new Set(['true', 'yes', 'on', '1', 't', 'y']);
const FALSE = new Set(['false', 'no', 'off', '0', 'f', 'n']);

/** A boolean in a query string in any of its spellings: `true`, `True`, `TRUE`, `1` and their opposites. */
export function queryBoolean() {
  return z
    .union([z.boolean(), z.string()])
    .transform((value, context): boolean => {
      if (typeof value === 'boolean') return value;
      const word = value.trim().toLowerCase();
      if (TRUE.has(word)) return true;
      if (FALSE.has(word)) return false;
      context.addIssue({ code: 'custom', message: 'is not a boolean', input: value });
      return z.NEVER;
    })
    .meta({ wire: { type: 'boolean' } });
}

/** An integer in a query string, within bounds (both inclusive). */
export function queryInteger(bounds: { min?: number; max?: number } = {}) {
  const minimum = bounds.min === undefined ? {} : { minimum: bounds.min };
  const maximum = bounds.max === undefined ? {} : { maximum: bounds.max };
  return z
    .union([z.number(), z.string()])
    .transform((value, context): number => {
      const number =
        typeof value === 'number' ? value : /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : Number.NaN;
      let complaint = '';
      if (!Number.isSafeInteger(number)) complaint = 'is not an integer';
      else if (bounds.min !== undefined && number < bounds.min) complaint = `is less than the minimum of ${bounds.min}`;
      else if (bounds.max !== undefined && number > bounds.max)
        complaint = `is greater than the maximum of ${bounds.max}`;
      if (!complaint) return number;
      context.addIssue({ code: 'custom', message: complaint, input: value });
      return z.NEVER;
    })
    .meta({ wire: { type: 'integer', ...minimum, ...maximum } });
}

/**
 * A list in a query string: comma-joined, repeated, or both. Empty items are dropped. `repeated` only says which form
 * the document announces.
 */
export function queryList<O>(item: z.ZodType<O, string | boolean>, options: { repeated?: boolean } = {}) {
  const items = z.array(item as z.ZodType<O, string>);
  return z
    .union([z.array(z.union([z.string(), z.boolean()])), z.string(), z.boolean()])
    .transform((value) => {
      const parts = Array.isArray(value) ? value.map(String) : [String(value)];
      return parts.flatMap((part) => part.split(',').map((word) => word.trim())).filter(Boolean);
    })
    .pipe(items)
    .meta({ wire: { type: 'array', items: wireSchema(item) }, explode: options.repeated === true });
}

/** A time in a query string: RFC 3339, or a date with optional time; without a zone it is UTC. Handlers get a Date. */
export function queryTime() {
  return z
    .string()
    .transform((value, context): Date => {
      // an unencoded `+` of a zone arrives as a space
      const text = value
        .trim()
        .replace(/^(.*[T ].*) (\d\d:?\d\d)$/, '$1+$2')
        .replace(' ', 'T');
      const match = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?$/.exec(text);
      const zoned = match && (match[4] || !match[1]) ? text : `${text}Z`;
      const time = match ? new Date(zoned) : new Date(Number.NaN);
      if (!Number.isNaN(time.getTime())) return time;
      context.addIssue({ code: 'custom', message: 'is not an RFC 3339 time', input: value });
      return z.NEVER;
    })
    .meta({ wire: { type: 'string', format: 'date-time' } });
}

/** At least one of the fields must be present; for `.refine`. */
export function oneOfFields(...names: string[]): [(value: object) => boolean, { message: string }] {
  const list = names.map((name) => `'${name}'`).join(', ');
  return [
    (value) => names.some((name) => (value as Record<string, unknown>)[name] !== undefined),
    { message: `one of ${list} is a required property` },
  ];
}
