import { describe, expect, it } from 'vitest';
import { pauseWait, retryWait } from './back-off.ts';

describe('the wait of a delivery', () => {
  it('doubles up to a quarter of an hour', () => {
    const waits = Array.from({ length: 12 }, (_, index) => retryWait(index + 1, undefined, 0.5));
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('strays by a quarter, so that deliveries do not stay together', () => {
    expect([retryWait(3, undefined, 0), retryWait(3, undefined, 1)]).toEqual([6, 10]);
  });

  it('is never shorter than the receiver asks for', () => {
    expect([retryWait(1, 120), retryWait(12, 1, 0.5)]).toEqual([120, 900]);
  });
});

it('a receiver that takes nothing is left alone for longer and longer, up to a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 40].map((failures) => pauseWait(failures, undefined, 0.5));
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
  expect(pauseWait(1, 600)).toBe(600);
});
