import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database/testing.ts';
import type { Database } from '../database/types.ts';
import {
  createLoginThrottle,
  type LoginAttempt,
  type LoginThrottle,
  type LoginThrottleOptions,
} from './login-throttle.ts';

let database: Database;
let time: number;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  time = 1_700_000_000_000;
  await sql`delete from login_failure`.execute(database.db);
  await sql`delete from login_home`.execute(database.db);
});

function make(options: Partial<LoginThrottleOptions> = {}): LoginThrottle {
  return createLoginThrottle({ database, now: () => time, ...options });
}

/** Begins an attempt and ends it as told; gives the block, or 0. */
async function attempt(throttle: LoginThrottle, user: string, address: string, end: keyof LoginAttempt = 'failed') {
  const started = await throttle.begin(user, address);
  if ('blockedMs' in started) return started.blockedMs;
  await started[end]();
  return 0;
}

describe('login throttle', () => {
  it('blocks for twice as long after each further failure, up to a bound', async () => {
    const throttle = make({ freeFailures: 3, maxBlockMs: 5000 });
    const blocks: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      expect(await attempt(throttle, 'ann', '10.0.0.1')).toBe(0);
      const blocked = await attempt(throttle, 'ann', '10.0.0.1', 'withdrawn');
      blocks.push(blocked);
      time += blocked;
    }
    expect(blocks).toEqual([0, 0, 0, 1000, 2000, 4000, 5000, 5000]);
  });

  it('is shared by all processes', async () => {
    const [one, two] = [make(), make()];
    for (let round = 0; round < 6; round += 1) await attempt(round % 2 ? one : two, 'ann', 'a');
    expect([await attempt(one, 'ann', 'a'), await attempt(two, 'ann', 'a')]).toEqual([1000, 1000]);
    time += 1000;
    await attempt(one, 'ann', 'a', 'succeeded');
    // where she signed in through one, the other lets her in whatever strangers do
    for (let round = 0; round < 101; round += 1) await attempt(two, 'ann', `stranger ${round}`);
    expect(await attempt(two, 'ann', 'elsewhere')).toBeGreaterThan(0);
    expect(await attempt(two, 'ann', 'a', 'succeeded')).toBe(0);
  });

  it('counts what is under way, so that many at once gain nothing', async () => {
    const throttle = make();
    const started = await Promise.all(Array.from({ length: 12 }, () => throttle.begin('ann', 'a')));
    const admitted = started.filter((one): one is LoginAttempt => !('blockedMs' in one));
    expect(admitted).toHaveLength(6);
    for (const one of admitted) one.withdrawn();
    expect(await attempt(throttle, 'ann', 'a')).toBe(0);
  });

  it('counts the pair of name and address', async () => {
    const throttle = make({ freeFailures: 0 });
    await attempt(throttle, 'ann', '10.0.0.1');
    expect(await attempt(throttle, 'ann', '10.0.0.1')).toBeGreaterThan(0);
    expect(await attempt(throttle, 'ann', '10.0.0.2')).toBe(0);
    expect(await attempt(throttle, 'bob', '10.0.0.1')).toBe(0);
  });

  it('starts again after a success and after a long pause', async () => {
    const throttle = make({ freeFailures: 1 });
    await attempt(throttle, 'ann', 'a');
    await attempt(throttle, 'ann', 'a', 'succeeded');
    for (let round = 0; round < 2; round += 1) expect(await attempt(throttle, 'ann', 'a')).toBe(0);
    expect(await attempt(throttle, 'ann', 'a')).toBeGreaterThan(0);
    time += 2_000_000;
    for (let round = 0; round < 2; round += 1) expect(await attempt(throttle, 'ann', 'a')).toBe(0);
    expect(await attempt(throttle, 'ann', 'a')).toBeGreaterThan(0);
  });

  it('counts an address that tries many names, and a name that many addresses try', async () => {
    const throttle = make({ freeFailuresOfAddress: 3, freeFailuresOfUser: 3 });
    for (const name of ['a', 'b', 'c', 'd']) expect(await attempt(throttle, name, '10.0.0.1')).toBe(0);
    expect(await attempt(throttle, 'e', '10.0.0.1')).toBeGreaterThan(0);
    expect(await attempt(throttle, 'e', '10.0.0.2')).toBe(0);
    for (const address of ['1', '2', '3', '4']) expect(await attempt(throttle, 'ann', address)).toBe(0);
    expect(await attempt(throttle, 'ann', '5')).toBeGreaterThan(0);
  });

  it('lets users in where they signed in before, though not without end', async () => {
    const throttle = make({ freeFailuresOfAddress: 3, freeFailuresOfUser: 3 });
    await attempt(throttle, 'ann', 'office', 'succeeded');
    for (const address of ['1', '2', '3', '4', '5']) await attempt(throttle, 'ann', address);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await attempt(throttle, name, 'office');
    expect(await attempt(throttle, 'bob', 'office')).toBeGreaterThan(0);
    for (let round = 0; round < 6; round += 1) expect(await attempt(throttle, 'ann', 'office')).toBe(0);
    expect(await attempt(throttle, 'ann', 'office')).toBeGreaterThan(0);
  });

  it('a success does not lift the block that others brought on an address, and does not count', async () => {
    const throttle = make({ freeFailuresOfAddress: 3 });
    for (let round = 0; round < 6; round += 1) await attempt(throttle, `user-${round}`, 'office', 'succeeded');
    for (const name of ['a', 'b', 'c', 'd']) expect(await attempt(throttle, name, 'office')).toBe(0);
    expect(await attempt(throttle, 'user-1', 'office', 'succeeded')).toBe(0);
    expect(await attempt(throttle, 'e', 'office')).toBeGreaterThan(0);
  });

  it('writes nothing for a good login, but the place once a day', async () => {
    const throttle = make();
    const rows = async () =>
      (await sql<{ seen_at: Date }>`select seen_at from login_home`.execute(database.db)).rows.map(({ seen_at }) =>
        seen_at.getTime(),
      );
    const first = time;
    for (let round = 0; round < 3; round += 1) {
      await attempt(throttle, 'ann', 'a', 'succeeded');
      time += 1000;
    }
    expect(await rows()).toEqual([first]);
    time += 90_000_000;
    await attempt(throttle, 'ann', 'a', 'succeeded');
    expect(await rows()).toEqual([time]);
    expect((await sql`select 1 from login_failure`.execute(database.db)).rows).toHaveLength(0);
  });

  it('forgets in time', async () => {
    const throttle = make();
    await attempt(throttle, 'ann', 'a');
    await attempt(throttle, 'bob', 'a', 'succeeded');
    time += 91 * 86_400_000;
    await throttle.maintain();
    const left = await sql`select key from login_failure union all select key from login_home`.execute(database.db);
    expect(left.rows).toHaveLength(0);
  });
});
