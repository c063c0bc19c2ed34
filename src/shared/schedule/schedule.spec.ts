import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.ts';
import { nextRun } from './next-run.ts';
import { findTimeZone } from './time-zone.ts';

function next(cron: string, after: string, zone = 'UTC', count = 1): string[] {
  const found: string[] = [];
  let at = new Date(after);
  for (let n = 0; n < count; n++) {
    const moment = nextRun(parseCron(cron), findTimeZone(zone)!, at);
    if (!moment) break;
    found.push(moment.toISOString().slice(0, 16));
    at = moment;
  }
  return found;
}

describe('a schedule', () => {
  it.each([
    ['0 12 * * 1', '2026-11-21T15:00:00Z', '2026-11-23T12:00'],
    ['*/15 * * * *', '2026-11-21T15:01:00Z', '2026-11-21T15:15'],
    ['*/15 * * * *', '2026-11-21T15:15:00Z', '2026-11-21T15:30'],
    ['59 23 31 12 *', '2026-12-31T23:59:00Z', '2027-12-31T23:59'],
    ['0 0 31 * *', '2026-11-21T00:00:00Z', '2026-12-31T00:00'],
    ['0 0 29 2 *', '2026-11-21T00:00:00Z', '2028-02-29T00:00'],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00'],
    ['5/20 8-9 * * *', '2026-11-21T08:05:00Z', '2026-11-21T08:25'],
    ['0 0 * JAN mon', '2026-11-21T00:00:00Z', '2027-01-04T00:00'],
    ['0 0 * * 7', '2026-11-21T00:00:00Z', '2026-11-22T00:00'],
    ['0 0 * * 5-7', '2026-11-21T12:00:00Z', '2026-11-22T00:00'],
    // both fields of days: either is enough
    ['0 0 13 * 5', '2026-11-01T00:00:00Z', '2026-11-06T00:00'],
    ['0 0 13 * 5', '2026-12-11T00:00:00Z', '2026-12-13T00:00'],
    // a star with a step is still a star
    ['0 0 */2 * 1', '2026-11-21T00:00:00Z', '2026-11-23T00:00'],
  ])('%s after %s', (cron, after, expected) => {
    expect(next(cron, after)).toEqual([expected]);
  });

  it.each([
    ['', 'five fields'],
    ['* * * *', 'this has 4'],
    ['* * * * * *', 'this has 6'],
    ['@daily', 'this has 1'],
    ['60 * * * *', 'minute: 60 is not from 0 to 59'],
    ['* 24 * * *', 'hour: 24'],
    ['* * 0 * *', 'day of month: 0'],
    ['* * * 13 *', 'month: 13'],
    ['* * * * 8', 'day of week: 8'],
    ['*/0 * * * *', 'a step must be at least 1'],
    ['1- * * * *', "minute: '1-'"],
    ['-1 * * * *', "minute: '-1'"],
    ['1-2-3 * * * *', "minute: '1-2-3'"],
    ['5-1 * * * *', 'runs backwards'],
    ['1,, * * * *', "minute: ''"],
    ['1/2/3 * * * *', "minute: '1/2/3'"],
    ['99999999999999999999 * * * *', 'is not a number'],
    ['1e1 * * * *', 'is not a number'],
    ['０ * * * *', 'is not a number'],
    ['0 0 31 2 *', 'there is no such day'],
    ['0 0 31 4,6,9,11 *', 'there is no such day'],
    [`${'1,'.repeat(300)}1 * * * *`, 'at most 400 characters'],
    ['0 0 * * 1; drop table account', 'five fields'],
  ])('%s is refused', (cron, message) => {
    expect(() => parseCron(cron)).toThrow(message);
  });
});

describe('a schedule by the clocks of a zone', () => {
  it.each([
    // Berlin: set forward on 29 March 2026 at 2:00, back on 25 October 2026 at 3:00
    ['30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin', ['2026-03-29T01:30', '2026-03-30T00:30']],
    ['30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin', ['2026-10-25T00:30', '2026-10-26T01:30']],
    [
      '30 * * * *',
      '2026-10-25T00:00:00Z',
      'Europe/Berlin',
      ['2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T02:30'],
    ],
    ['0 12 * * *', '2026-06-30T12:00:00Z', 'America/New_York', ['2026-06-30T16:00', '2026-07-01T16:00']],
    ['0 0 * * *', '2026-06-30T12:00:00Z', 'Asia/Kathmandu', ['2026-06-30T18:15', '2026-07-01T18:15']],
    // the clock goes back from 1:00 to midnight: the day begins once
    ['0 0 * * *', '2026-10-31T12:00:00Z', 'America/Havana', ['2026-11-01T04:00', '2026-11-02T05:00']],
    ['0 9 * * *', '2026-12-31T12:00:00Z', 'Pacific/Kiritimati', ['2026-12-31T19:00', '2027-01-01T19:00']],
  ])('%s after %s in %s', (cron, after, zone, expected) => {
    expect(next(cron, after, zone, expected.length)).toEqual(expected);
  });

  it('knows zones by name only', () => {
    for (const name of ['', 'Nowhere/City', '../../etc/passwd', 'UTC;', 'x'.repeat(500)])
      expect(findTimeZone(name)).toBeUndefined();
    expect(findTimeZone('Europe/Berlin')).toBeDefined();
  });

  it('always goes on, in order, at minutes that the schedule names', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 59 }),
        fc.option(fc.integer({ min: 0, max: 23 })),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (name, minute, hour, after) => {
          const zone = findTimeZone(name)!;
          const moment = nextRun(parseCron(`${minute} ${hour ?? '*'} * * *`), zone, after)!;
          expect(moment.getTime()).toBeGreaterThan(after.getTime());
          expect(moment.getTime() - after.getTime()).toBeLessThanOrEqual((hour === null ? 2.5 : 26) * 3_600_000);
          const local = new Date(moment.getTime() + zone.offsetAt(moment.getTime()));
          if (name !== 'Australia/Lord_Howe') expect(local.getUTCMinutes()).toBe(minute);
        },
      ),
      { numRuns: 60 },
    );
  });
});
