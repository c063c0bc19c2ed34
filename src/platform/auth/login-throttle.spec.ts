import { describe, expect, it } from 'vitest';
import { createLoginThrottle } from './login-throttle.ts';

describe('login throttle', () => {
  it('blocks for twice as long after each further failure, up to a bound', () => {
    let time = 0;
    const throttle = createLoginThrottle({ now: () => time, freeFailures: 3, firstBlockMs: 1000, maxBlockMs: 5000 });
    const blocks: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect(throttle.begin('ann', '10.0.0.1')).toBe(0);
      const blocked = throttle.begin('ann', '10.0.0.1');
      if (blocked === 0) throttle.withdrawn('ann', '10.0.0.1');
      blocks.push(blocked);
      time += blocked;
    }
    expect(blocks).toEqual([0, 0, 0, 1000, 2000, 4000, 5000, 5000]);
  });

  it('counts the pair of name and address', () => {
    const throttle = createLoginThrottle({ freeFailures: 0, now: () => 0 });
    throttle.begin('ann', '10.0.0.1');
    expect(throttle.begin('ann', '10.0.0.1')).toBeGreaterThan(0);
    expect(throttle.begin('ann', '10.0.0.2')).toBe(0);
    expect(throttle.begin('bob', '10.0.0.1')).toBe(0);
  });

  it('starts again after a success and after a long pause', () => {
    let time = 0;
    const throttle = createLoginThrottle({ freeFailures: 1, now: () => time });
    throttle.begin('ann', 'a');
    throttle.succeeded('ann', 'a');
    expect(throttle.begin('ann', 'a')).toBe(0);
    expect(throttle.begin('ann', 'a')).toBe(0);
    expect(throttle.begin('ann', 'a')).toBeGreaterThan(0);
    time += 2_000_000;
    expect(throttle.begin('ann', 'a')).toBe(0);
    expect(throttle.begin('ann', 'a')).toBe(0);
  });

  it('counts an address that tries many names, and a name that many addresses try', () => {
    const throttle = createLoginThrottle({ freeFailuresOfAddress: 3, freeFailuresOfUser: 3, now: () => 0 });
    for (const name of ['a', 'b', 'c', 'd']) expect(throttle.begin(name, '10.0.0.1')).toBe(0);
    expect(throttle.begin('e', '10.0.0.1')).toBeGreaterThan(0);
    expect(throttle.begin('e', '10.0.0.2')).toBe(0);
    for (const address of ['1', '2', '3', '4']) expect(throttle.begin('ann', address)).toBe(0);
    expect(throttle.begin('ann', '5')).toBeGreaterThan(0);
  });

  it('lets users in where they signed in before, whatever strangers do', () => {
    const throttle = createLoginThrottle({ freeFailuresOfAddress: 3, freeFailuresOfUser: 3, now: () => 0 });
    throttle.begin('ann', 'office');
    throttle.succeeded('ann', 'office');
    for (const address of ['1', '2', '3', '4', '5']) throttle.begin('ann', address);
    for (const name of ['a', 'b', 'c', 'd', 'e']) throttle.begin(name, 'office');
    expect(throttle.begin('bob', 'office')).toBeGreaterThan(0);
    expect(throttle.begin('ann', 'office')).toBe(0);
    // but not without end
    for (let attempt = 0; attempt < 5; attempt += 1) throttle.begin('ann', 'office');
    expect(throttle.begin('ann', 'office')).toBeGreaterThan(0);
  });

  it('a success does not lift the block that others brought on an address', () => {
    const throttle = createLoginThrottle({ freeFailuresOfAddress: 3, now: () => 0 });
    throttle.begin('mallory', 'office');
    throttle.succeeded('mallory', 'office');
    for (const name of ['a', 'b', 'c', 'd']) throttle.begin(name, 'office');
    expect(throttle.begin('mallory', 'office')).toBe(0);
    throttle.succeeded('mallory', 'office');
    expect(throttle.begin('e', 'office')).toBeGreaterThan(0);
  });

  it('successes do not count', () => {
    const throttle = createLoginThrottle({ freeFailuresOfAddress: 3, freeFailuresOfUser: 3, now: () => 0 });
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(throttle.begin(`user-${attempt}`, 'office')).toBe(0);
      throttle.succeeded(`user-${attempt}`, 'office');
    }
  });

  it('keeps a bounded number of names', () => {
    const throttle = createLoginThrottle({ freeFailures: 0, maxEntries: 2, now: () => 0 });
    for (const name of ['a', 'b', 'c']) throttle.begin(name, 'x');
    expect(throttle.begin('a', 'x')).toBe(0);
    expect(throttle.begin('c', 'x')).toBeGreaterThan(0);
  });
});
