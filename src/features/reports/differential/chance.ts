import { randomFrom } from '../reports.fixture.ts';

/** Random choices that a seed decides. */
export interface Chance {
  /** From 0 to n - 1. */
  whole(n: number): number;
  often(share: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** Each of them with a likelihood, in their order. */
  some<T>(values: readonly T[], share: number): T[];
}

export function chanceOf(seed: number): Chance {
  const random = randomFrom(seed);
  const whole = (n: number) => Math.floor(random() * n);
  return {
    whole,
    often: (share) => random() < share,
    pick: <T>(values: readonly T[]): T => values[whole(values.length)]!,
    some: (values, share) => values.filter(() => random() < share),
  };
}

export const STEPS = 240;

/** A moment of the time in which everything happens: steps of six hours, so that equal times are frequent. */
export function moment(step: number): string {
  return new Date(Date.UTC(2026, 0, 1) + step * 6 * 3_600_000).toISOString();
}

/** When reports are asked for, beyond all moments. */
export const NOW = moment(STEPS);

export const counted = (n: number): number[] => Array.from({ length: n }, (_, at) => at);
export const digestOf = (n: number): string => `sha256:${n.toString(16).padStart(64, '0')}`;
