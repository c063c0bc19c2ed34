import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  [['5', '9'], 5_000],
])('reads %j as %j milliseconds', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
