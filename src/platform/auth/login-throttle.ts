import { createFailureCounter } from './failure-counter.ts';

/** Slows down guessing: counts failed logins and blocks for longer after each. */
export interface LoginThrottle {
  /**
   * Starts an attempt and returns 0, or returns the milliseconds until this user may try again from this address. An
   * attempt counts as failed until told otherwise, so that many at once gain nothing.
   */
  begin(username: string, address: string): number;
  /** The attempt succeeded: earlier failures of this user from this address no longer count. */
  succeeded(username: string, address: string): void;
  /** The attempt could not be made: it does not count. */
  withdrawn(username: string, address: string): void;
}

export interface LoginThrottleOptions {
  /** Failures of one user from one address without any block. */
  freeFailures?: number;
  /** The same for one address, whoever it tries: one password for many names. */
  freeFailuresOfAddress?: number;
  /** The same for one user, from wherever: many machines for one name. */
  freeFailuresOfUser?: number;
  /** Block after the first failure beyond the free ones, in milliseconds; doubles with each further one. */
  firstBlockMs?: number;
  maxBlockMs?: number;
  /** Failures are forgotten after this long without another. */
  forgetMs?: number;
  /** Users, addresses and pairs of them remembered; the oldest are dropped first. */
  maxEntries?: number;
  now?: () => number;
}

/**
 * Creates a throttle, kept in the memory of this process. Names that do not exist are counted like those that do, so
 * a block says nothing about them. A stranger cannot lock a user out: where the user signed in before, only failures
 * from there count.
 */
export function createLoginThrottle(options: LoginThrottleOptions = {}): LoginThrottle {
  const { firstBlockMs = 1000, maxBlockMs = 300_000, forgetMs = 900_000, maxEntries = 20_000 } = options;
  const now = options.now ?? Date.now;
  const counter = (free: number) => createFailureCounter({ free, firstBlockMs, maxBlockMs, forgetMs, maxEntries, now });
  const pairs = counter(options.freeFailures ?? 5);
  const addresses = counter(options.freeFailuresOfAddress ?? 100);
  const users = counter(options.freeFailuresOfUser ?? 100);
  const homes = new Set<string>();

  function keysOf(username: string, address: string): { pair: string; user: string } {
    const user = username.slice(0, 256);
    return { pair: `${address} ${user}`, user };
  }

  return {
    begin(username, address) {
      const { pair, user } = keysOf(username, address);
      const known = homes.has(pair);
      const blocked = Math.max(
        pairs.blockedMs(pair),
        known ? 0 : addresses.blockedMs(address),
        known ? 0 : users.blockedMs(user),
      );
      if (blocked > 0) return blocked;
      pairs.add(pair);
      addresses.add(address);
      users.add(user);
      return 0;
    },
    succeeded(username, address) {
      const { pair, user } = keysOf(username, address);
      pairs.forget(pair);
      addresses.takeBack(address);
      users.takeBack(user);
      homes.delete(pair);
      homes.add(pair);
      if (homes.size > maxEntries) homes.delete(homes.values().next().value ?? pair);
    },
    withdrawn(username, address) {
      const { pair, user } = keysOf(username, address);
      pairs.takeBack(pair);
      addresses.takeBack(address);
      users.takeBack(user);
    },
  };
}
