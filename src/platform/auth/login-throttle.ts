import { createHash } from 'node:crypto';
import type { Database } from '../database/types.ts';
import {
  type BlockRules,
  type CountedKey,
  countLoginFailures,
  expireLoginFailures,
  forgetLoginFailures,
  readLoginFailures,
  rememberLoginHome,
} from './login-failure-store.ts';

/** Slows down guessing: counts failed logins and blocks for longer after each. */
export interface LoginThrottle {
  /** Starts an attempt, or tells for how long this user may not try from this address. */
  begin(username: string, address: string): Promise<LoginAttempt | { blockedMs: number }>;
  /** Removes what is forgotten; to be called now and then. */
  maintain(): Promise<void>;
}

/** An attempt under way; exactly one of these is to be called. Until then it counts as failed, so that many at once gain nothing. */
export interface LoginAttempt {
  /** Earlier failures of this user from this address no longer count. */
  succeeded(): Promise<void>;
  failed(): Promise<void>;
  /** The attempt could not be made: it does not count. */
  withdrawn(): void;
}

export interface LoginThrottleOptions {
  database: Database;
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
  now?: () => number;
}

const DAY_MS = 86_400_000;
const KEEP_HOMES_MS = 90 * DAY_MS;

/**
 * Creates a throttle whose counts all processes share. A login that succeeds costs one read, and a write only after
 * failures or once a day for a place; a failure costs one write. Names that do not exist are counted like those that do,
 * so a block says nothing about them. A stranger cannot lock a user out: where the user signed in before, only failures
 * from there count.
 */
export function createLoginThrottle(options: LoginThrottleOptions): LoginThrottle {
  const { database, freeFailures = 5, freeFailuresOfAddress = 100, freeFailuresOfUser = 100 } = options;
  const { firstBlockMs = 1000, maxBlockMs = 300_000, forgetMs = 900_000, now = Date.now } = options;
  const rules: BlockRules = { firstBlockMs, maxBlockMs, forgetMs };
  /** Attempts under way in this process. */
  const pending = new Map<string, number>();

  function addPending(keys: readonly CountedKey[], difference: 1 | -1): void {
    for (const { key } of keys) {
      const count = (pending.get(key) ?? 0) + difference;
      if (count > 0) pending.set(key, count);
      else pending.delete(key);
    }
  }

  /** Milliseconds until a key may be used, if its attempts under way all fail. */
  function blockedMs({ key, free }: CountedKey, failures: number, blockedUntil: number): number {
    const waiting = pending.get(key) ?? 0;
    const beyond = failures + waiting - free;
    const block = waiting > 0 && beyond > 0 ? Math.min(maxBlockMs, firstBlockMs * 2 ** Math.min(beyond - 1, 30)) : 0;
    return Math.max(0, blockedUntil - now(), block);
  }

  return {
    async begin(username, address) {
      const pair = { key: keyOf('pair', address, username), free: freeFailures };
      const others = [
        { key: keyOf('address', address), free: freeFailuresOfAddress },
        { key: keyOf('user', username), free: freeFailuresOfUser },
      ];
      const counted = [pair, ...others];
      const names = counted.map((one) => one.key);
      const { failures, homeSeenAt } = await readLoginFailures(database.db, names, pair.key, new Date(now()));
      const checked = homeSeenAt ? [pair] : counted;
      const blocked = checked.map((one) => {
        const stored = failures.find((row) => row.key === one.key);
        return blockedMs(one, stored?.failures ?? 0, stored?.blocked_until.getTime() ?? 0);
      });
      if (Math.max(...blocked) > 0) return { blockedMs: Math.max(...blocked) };
      addPending(counted, 1);
      const failedBefore = failures.some((row) => row.key === pair.key);
      return {
        async succeeded() {
          addPending(counted, -1);
          if (failedBefore) await forgetLoginFailures(database.db, pair.key);
          if (!homeSeenAt || now() - homeSeenAt.getTime() > DAY_MS)
            await rememberLoginHome(database.db, pair.key, new Date(now()));
        },
        async failed() {
          try {
            await countLoginFailures(database.db, counted, new Date(now()), rules);
          } finally {
            addPending(counted, -1);
          }
        },
        withdrawn: () => addPending(counted, -1),
      };
    },
    maintain: () => expireLoginFailures(database.db, new Date(now()), new Date(now() - KEEP_HOMES_MS)),
  };
}

/** Names come from strangers: long ones are cut by the hash, and a password typed as a name is not stored. */
function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
