/** A value at a time, in milliseconds. */
export interface Point {
  at: number;
  value: number;
}

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const DAY = 86_400_000;
/** Pixels that the text below a line of time needs. */
const TICK_WIDTH = 84;

/** Places of times and values in the picture, and where to write them. Values begin at 0. */
export function chartScale(
  lines: readonly { points: readonly Point[] }[],
  { start, end, area }: { start: number; end: number; area: Area },
) {
  const largest = Math.max(
    0,
    ...lines.map(({ points }) => points.reduce((most, { value }) => Math.max(most, value), 0)),
  );
  const step = niceStep(largest / 4);
  const top = Math.max(step, Math.ceil(largest / step) * step);
  const span = Math.max(1, end - start);
  const x = (at: number) => area.left + ((at - start) / span) * (area.right - area.left);
  const y = (value: number) => area.bottom - (value / top) * (area.bottom - area.top);
  const count = Math.max(2, Math.min(7, Math.floor((area.right - area.left) / TICK_WIDTH)));
  return {
    x,
    y,
    timeAt: (place: number) => start + ((place - area.left) / (area.right - area.left)) * span,
    values: Array.from({ length: Math.round(top / step) + 1 }, (_, at) => ({ value: at * step, y: y(at * step) })),
    times: Array.from({ length: count }, (_, index) => {
      const at = start + (span * index) / (count - 1);
      const anchor = index === 0 ? ('start' as const) : index === count - 1 ? ('end' as const) : ('middle' as const);
      return { x: x(at), text: tickText(at, span), anchor };
    }),
  };
}

/** The least of 1, 2 and 5 times a power of ten that is not smaller; at least 1. */
export function niceStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

/** The time of a list, in order, that is nearest; undefined for an empty list. */
export function nearestTime(times: readonly number[], wanted: number): number | undefined {
  return times.reduce<number | undefined>(
    (best, time) => (best === undefined || Math.abs(time - wanted) < Math.abs(best - wanted) ? time : best),
    undefined,
  );
}

function tickText(at: number, span: number): string {
  const options: Intl.DateTimeFormatOptions =
    span <= 2 * DAY
      ? { hour: '2-digit', minute: '2-digit' }
      : span <= 120 * DAY
        ? { day: 'numeric', month: 'short' }
        : { month: 'short', year: 'numeric' };
  return new Intl.DateTimeFormat('en-GB', options).format(at);
}
