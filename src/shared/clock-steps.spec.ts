import { expect, it } from 'vitest';
import { createClockSteps } from './clock-steps.ts';

it('tells when a clock was set, and by how much', () => {
  let elapsed = 0;
  const step = createClockSteps(() => elapsed);
  const looks: [afterMs: number, clock: string, step: number][] = [
    [0, '2026-01-01T12:00:00Z', 0],
    [1_000, '2026-01-01T12:00:01Z', 0],
    [1_000, '2026-01-01T12:00:10Z', 0],
    [1_000, '2026-01-01T10:00:11Z', -7_200_000],
    [1_000, '2026-01-01T10:00:12Z', 0],
    [86_400_000, '2026-01-02T10:00:12Z', 0],
    [1_000, '2026-01-03T10:00:13Z', 86_400_000],
  ];
  for (const [after, clock, expected] of looks) {
    elapsed += after;
    expect([clock, step(new Date(clock))]).toEqual([clock, expected]);
  }
});
