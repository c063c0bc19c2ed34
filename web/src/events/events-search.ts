/** Spans of time that a reader chooses from, in milliseconds. */
export const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
export type Span = keyof typeof SPANS;

/** Filters of the events, as they stand in the address. */
export interface EventsSearch {
  type?: string;
  level?: 'info' | 'error';
  resource?: string;
  span?: Span;
  /** Times as the browser's field gives them, in the reader's zone. */
  from?: string;
  until?: string;
  page?: number;
  /** The event whose details are shown. */
  event?: string;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** Reads the address; what it does not understand is left out. */
export function eventsSearch(raw: Record<string, unknown>): EventsSearch {
  const page = Number(raw.page);
  const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
  const time = (value: unknown) => (typeof value === 'string' && TIME.test(value) ? value : undefined);
  const span = (Object.keys(SPANS) as Span[]).find((one) => one === raw.span);
  const [type, resource, event] = [text(raw.type), text(raw.resource), text(raw.event)];
  const [from, until] = [time(raw.from), time(raw.until)];
  return {
    ...(type && /^[a-z0-9-_.*]+$/.test(type) ? { type } : {}),
    ...(raw.level === 'info' || raw.level === 'error' ? { level: raw.level } : {}),
    ...(resource ? { resource } : {}),
    ...(span ? { span } : {}),
    ...(from ? { from } : {}),
    ...(until ? { until } : {}),
    ...(Number.isSafeInteger(page) && page > 1 ? { page } : {}),
    ...(event ? { event } : {}),
  };
}
