import { describe, expect, it } from 'vitest';
import { contradicts, verdictOf } from './verdict.ts';

describe('verdictOf', () => {
  it.each([
    [{ pass: 3 }, 'pass'],
    [{ fixed: 1, notapplicable: 4 }, 'pass'],
    [{ pass: 3, fail: 1 }, 'fail'],
    [{ pass: 3, error: 1 }, 'fail'],
    [{ unknown: 1 }, 'fail'],
    [{ notapplicable: 24, notselected: 331 }, 'inconclusive'],
    [{ informational: 1, notchecked: 2 }, 'inconclusive'],
    [{}, 'inconclusive'],
  ] as const)('%o is %s', (counts, verdict) => {
    expect(verdictOf(counts)).toBe(verdict);
  });
});

describe('contradicts', () => {
  it.each([
    ['pass', 'pass', false],
    ['PASSED ', 'fail', true],
    ['pass', 'inconclusive', true],
    ['fail', 'fail', false],
    ['2', 'fail', false],
    ['failed', 'pass', true],
    ['whatever', 'pass', undefined],
  ] as const)('%s with %s: %s', (claim, verdict, expected) => {
    expect(contradicts(claim, verdict)).toBe(expected);
  });
});
