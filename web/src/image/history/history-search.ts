const DAY = /^\d{4}-\d\d-\d\d$/;

/** What the history of an image shows, as it stands in the address. */
export interface HistorySearch {
  view?: 'past';
  /** Days, `YYYY-MM-DD`. */
  from?: string;
  to?: string;
}

/** Reads the address; what it does not understand is left out. */
export function historySearch(raw: Record<string, unknown>): HistorySearch {
  const day = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined);
  const [from, to] = [day(raw.from), day(raw.to)];
  return { ...(raw.view === 'past' ? { view: raw.view } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

/** The day that lies so many days back, in the reader's zone. */
export function daysAgo(days: number, now = Date.now()): string {
  const date = new Date(now - days * 86_400_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
