/** Slows down guessing: counts failed logins per account name and address, and blocks for longer after each. */
export interface LoginThrottle {
  /**
   * Starts an attempt and returns 0, or returns the milliseconds until this user may try again from this address. An
   * attempt counts as failed until told otherwise, so that many at once gain nothing.
   */
  begin(username: string, address: string): number;
  /** The attempt succeeded: earlier failures no longer count. */
  succeeded(username: string, address: string): void;
  /** The attempt could not be made: it does not count. */
  withdrawn(username: string, address: string): void;
}

export interface LoginThrottleOptions {
  /** Failures without any block. */
  freeFailures?: number;
  /** Block after the first failure beyond the free ones, in milliseconds; doubles with each further one. */
  firstBlockMs?: number;
  maxBlockMs?: number;
  /** Failures are forgotten after this long without another. */
  forgetMs?: number;
  /** Pairs remembered; the oldest are dropped first. */
  maxEntries?: number;
  now?: () => number;
}

interface Failures {
  count: number;
  lastAt: number;
  blockedUntil: number;
}

/**
 * Creates a throttle, kept in the memory of this process. Names that do not exist are counted like those that do, so
 * a block says nothing about them. The pair is the unit: a stranger cannot lock a user out from elsewhere.
 */
export function createLoginThrottle(options: LoginThrottleOptions = {}): LoginThrottle {
  const {
    freeFailures = 5,
    firstBlockMs = 1000,
    maxBlockMs = 300_000,
    forgetMs = 900_000,
    maxEntries = 20_000,
  } = options;
  const now = options.now ?? Date.now;
  const entries = new Map<string, Failures>();
  const keyOf = (username: string, address: string): string => `${address} ${username.slice(0, 256)}`;

  function current(key: string): Failures | undefined {
    const entry = entries.get(key);
    if (entry && Math.max(entry.lastAt, entry.blockedUntil) + forgetMs <= now()) {
      entries.delete(key);
      return undefined;
    }
    return entry;
  }

  function store(key: string, entry: Failures): void {
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > maxEntries) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
  }

  return {
    begin(username, address) {
      const key = keyOf(username, address);
      const entry = current(key);
      const blocked = (entry?.blockedUntil ?? 0) - now();
      if (blocked > 0) return blocked;
      const count = (entry?.count ?? 0) + 1;
      const beyond = count - freeFailures;
      const block = beyond > 0 ? Math.min(maxBlockMs, firstBlockMs * 2 ** Math.min(beyond - 1, 30)) : 0;
      store(key, { count, lastAt: now(), blockedUntil: now() + block });
      return 0;
    },
    succeeded(username, address) {
      entries.delete(keyOf(username, address));
    },
    withdrawn(username, address) {
      const key = keyOf(username, address);
      const entry = current(key);
      if (entry) store(key, { ...entry, count: Math.max(0, entry.count - 1), blockedUntil: 0 });
    },
  };
}
