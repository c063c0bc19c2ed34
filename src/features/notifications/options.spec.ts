import { describe, expect, it } from 'vitest';
import { DeliveryOptions, knownTimeZone, quietUntil } from './options.ts';

const night = { from: '22:00', to: '07:00', time_zone: 'UTC' };
const noon = { from: '12:00', to: '13:00', time_zone: 'Europe/Berlin' };

describe('quietUntil', () => {
  it.each([
    ['before midnight', night, '2026-03-01T23:30:10Z', '2026-03-02T07:00:00Z'],
    ['after midnight', night, '2026-03-01T00:00:00Z', '2026-03-01T07:00:00Z'],
    ['at their end', night, '2026-03-01T07:00:00Z', undefined],
    ['by day', night, '2026-03-01T15:00:00Z', undefined],
    ['in another zone', noon, '2026-01-10T11:15:00Z', '2026-01-10T12:00:00Z'],
    ['in another zone in summer', noon, '2026-07-10T10:15:00Z', '2026-07-10T11:00:00Z'],
    ['when there are none', undefined, '2026-07-10T10:15:00Z', undefined],
  ])('%s', (_, quiet, now, end) => {
    expect(quietUntil(quiet, new Date(now))?.toISOString()).toBe(end && new Date(end).toISOString());
  });
});

describe('options', () => {
  it('know their time zones', () => {
    expect(knownTimeZone('Europe/Berlin')).toBe(true);
    expect(knownTimeZone('Mars/Olympus')).toBe(false);
  });
  it.each([{ digest_minutes: 0 }, { quiet_hours: { from: '25:00', to: '01:00' } }, { unknown: 1 }])(
    'refuse %j',
    (options) => expect(DeliveryOptions.safeParse(options).success).toBe(false),
  );
});
