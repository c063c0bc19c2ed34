/** Windows of the charts, in days. */
export const SPANS = { day: 1, week: 7, month: 30, quarter: 91, year: 365 } as const;
export type Span = keyof typeof SPANS;

/** What the charts show, as it stands in the address. */
export interface OverviewSearch {
  /** Whatever tags ever pointed to; without: what they point to now. */
  collection?: 'all';
  span?: Span;
}

/** Reads the address; what it does not understand is left out. */
export function overviewSearch(raw: Record<string, unknown>): OverviewSearch {
  const span = (Object.keys(SPANS) as Span[]).find((one) => one === raw.span);
  return { ...(raw.collection === 'all' ? { collection: 'all' as const } : {}), ...(span ? { span } : {}) };
}
