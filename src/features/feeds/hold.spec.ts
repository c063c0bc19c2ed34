import { describe, expect, it } from 'vitest';
import { type HoldLimits, holdReasons } from './hold.ts';

const LIMITS: HoldLimits = { recordFall: 20, matchLoss: 30, smallest: 100 };
const count = (id: string, records: number) => ({ id, records });

describe('holdReasons', () => {
  it.each<[string, [string, number][], [string, number][], RegExp[]]>([
    ['growth', [['nvd', 1000]], [['nvd', 2000]], []],
    ['a small fall', [['nvd', 1000]], [['nvd', 800]], []],
    ['a large fall', [['nvd', 1000]], [['nvd', 799]], [/nvd fall by 20 %, from 1000 to 799/]],
    [
      'a provider that vanishes',
      [
        ['nvd', 1000],
        ['kev', 500],
      ],
      [['nvd', 1000]],
      [/kev has no records/],
    ],
    [
      'small counts',
      [
        ['nvd', 1000],
        ['echo', 99],
      ],
      [['nvd', 1000]],
      [],
    ],
    ['nothing left', [['echo', 2]], [], [/no records at all/]],
    ['nothing left of a provider', [['echo', 2]], [['echo', 0]], [/no records at all/]],
    [
      'a new provider',
      [['nvd', 1000]],
      [
        ['nvd', 1000],
        ['osv', 5],
      ],
      [],
    ],
    ['the first data', [], [['nvd', 5]], []],
  ])('%s', (_, before, after, expected) => {
    const reasons = holdReasons(
      before.map(([id, records]) => count(id, records)),
      after.map(([id, records]) => count(id, records)),
      LIMITS,
    );
    expect(reasons).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(reasons[at]).toMatch(pattern);
  });

  it('counts matches that would vanish', () => {
    const of = (open: number, closes: number) => holdReasons([], [], LIMITS, { nvd: { open, closes } });
    expect(of(1000, 300)).toEqual([]);
    expect(of(1000, 301)).toEqual(['301 of 1000 matches of provider nvd would vanish (30 %)']);
    expect(of(99, 99)).toEqual([]);
    expect(holdReasons([], [], { ...LIMITS, matchLoss: 100 }, { nvd: { open: 1000, closes: 1000 } })).toEqual([]);
  });
});
