import type { ProviderCount } from './store.ts';

/** Limits beyond which a build is held. Percentages; 100 switches a limit off. */
export interface HoldLimits {
  recordFall: number;
  matchLoss: number;
  /** Counts below this are too small to tell anything from. */
  smallest: number;
}

/** Matches of one provider that a build would change, of those that are open. */
export interface ProviderMatches {
  open: number;
  closes: number;
}

/**
 * Why a build looks wrong beside the one in use, as sentences; empty when it does not. A provider whose records fall,
 * one that vanishes, a build without any records, and matches that would vanish count; growth never does.
 */
export function holdReasons(
  before: readonly ProviderCount[],
  after: readonly ProviderCount[],
  limits: HoldLimits,
  matches: Readonly<Record<string, ProviderMatches>> = {},
): string[] {
  const counts = new Map(after.map(({ id, records }) => [id, records]));
  const total = (list: readonly ProviderCount[]): number => list.reduce((sum, { records }) => sum + records, 0);
  if (total(before) > 0 && total(after) === 0) return ['the build holds no records at all'];
  const reasons: string[] = [];
  for (const { id, records } of before) {
    const now = counts.get(id) ?? 0;
    if (records < limits.smallest || now >= records) continue;
    const fall = percent(records - now, records);
    if (now === 0) reasons.push(`provider ${id} has no records any more, it had ${records}`);
    else if (fall > limits.recordFall)
      reasons.push(`records of provider ${id} fall by ${format(fall)} %, from ${records} to ${now}`);
  }
  for (const [id, { open, closes }] of Object.entries(matches)) {
    if (open < limits.smallest) continue;
    const loss = percent(closes, open);
    if (loss > limits.matchLoss)
      reasons.push(`${closes} of ${open} matches of provider ${id} would vanish (${format(loss)} %)`);
  }
  return reasons;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function format(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
