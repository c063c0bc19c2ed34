import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concernsRegistry, firstLook, mayRaise, nextLook, pauseAfter, registryPauseAfter } from './schedule.ts';

describe('the times of looks', () => {
  it('stay near the cycle, alike for the names of one repository', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 604_800 }), fc.nat(), (name, cycle, turn) => {
        const next = nextLook(cycle, name, turn);
        expect(next).toBe(nextLook(cycle, name, turn));
        expect(Math.abs(next - cycle)).toBeLessThanOrEqual(cycle * 0.05 + 1e-9);
        expect(firstLook(cycle, name)).toBeLessThan(cycle);
      }),
    );
  });

  it('are spread evenly at first', () => {
    const quarters = [0, 0, 0, 0];
    for (let index = 0; index < 4_000; index += 1)
      quarters[Math.floor(firstLook(4, `registry.test/app-${index}`))]! += 1;
    for (const count of quarters) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('are put off further and further by failures, within bounds', () => {
    const pauses = [1, 2, 3, 4, 40].map((failures) => pauseAfter(failures, 2, 0));
    expect(pauses).toEqual([30, 60, 120, 240, 86_400]);
    expect(pauseAfter(1, 3_600, 0)).toBe(3_600);
    expect([1, 2, 3, 40].map((failures) => registryPauseAfter(failures, 0.5))).toEqual([30, 60, 120, 3_600]);
  });
});

describe('events of failures', () => {
  const day = 86_400_000;
  it.each([
    ['the first', null, null, true],
    ['the same soon after', 'denied', day - 1, false],
    ['the same a day later', 'denied', day, true],
    ['another', 'manifest-unknown', 1, true],
  ])('%s', (_, reason, age, expected) => {
    const last = { last_event_reason: reason, last_event_at: age === null ? null : new Date(day * 10 - age) };
    expect(mayRaise(last, 'denied', day * 10)).toBe(expected);
  });
  it('tell registries from names', () => {
    expect([concernsRegistry('unreachable'), concernsRegistry('rate-limited'), concernsRegistry('denied')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
