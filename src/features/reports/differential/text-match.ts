/** The meaning of filters, apart from the code that puts them into statements. */

/** Does a text fit a filter? `*` stands for any text. */
export function fitsText(text: string | null | undefined, wanted: string | null | undefined): boolean {
  if (wanted === undefined || wanted === null) return true;
  if (text === undefined || text === null) return false;
  const [first = '', ...rest] = wanted.split('*');
  if (rest.length === 0) return text === wanted;
  if (!text.startsWith(first)) return false;
  let remaining = [text.slice(first.length)];
  for (const [at, part] of rest.entries()) {
    const isLast = at === rest.length - 1;
    // All rests of the text behind any place where the part stands.
    remaining = remaining.flatMap((tail) =>
      isLast
        ? tail.endsWith(part)
          ? ['']
          : []
        : Array.from({ length: tail.length + 1 }, (_, start) => start)
            .filter((start) => tail.startsWith(part, start))
            .map((start) => tail.slice(start + part.length)),
    );
  }
  return remaining.length > 0;
}

/** A time as filters are written, as ISO 8601 in UTC with milliseconds. */
export function utc(text: string): string {
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  return new Date(zoned).toISOString();
}

export interface Window {
  after?: string | null | undefined;
  before?: string | null | undefined;
  /** Not before so many days ago. */
  days?: number | null | undefined;
}

/** From `after` on, before `before`. */
export function fitsTime(time: string, { after, before, days }: Window, now: string): boolean {
  if (after && time < utc(after)) return false;
  if (before && time >= utc(before)) return false;
  if (days === undefined || days === null) return true;
  return time >= new Date(Date.parse(now) - days * 86_400_000).toISOString();
}

export interface Range {
  gte?: number | null;
  gt?: number | null;
  lte?: number | null;
  lt?: number | null;
}

/** What has no number lies in no range that has a bound. */
export function fitsRange(value: number | undefined, range: Range | null | undefined): boolean {
  const bounds = Object.entries(range ?? {}).filter(([, bound]) => bound !== null && bound !== undefined) as [
    keyof Range,
    number,
  ][];
  return bounds.every(([kind, bound]) => {
    if (value === undefined) return false;
    if (kind === 'gte') return value >= bound;
    if (kind === 'gt') return value > bound;
    return kind === 'lte' ? value <= bound : value < bound;
  });
}

export function fitsFlag(value: boolean, wanted: boolean | null | undefined): boolean {
  return wanted === undefined || wanted === null || value === wanted;
}

export interface Label {
  key?: string | null;
  value?: string | null;
}

export function fitsLabel(labels: Record<string, string> | undefined, wanted: Label | null | undefined): boolean {
  if (!wanted || (!wanted.key && !wanted.value)) return true;
  return Object.entries(labels ?? {}).some(
    ([key, value]) => fitsText(key, wanted.key) && fitsText(value, wanted.value),
  );
}
