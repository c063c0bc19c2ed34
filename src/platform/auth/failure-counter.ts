/** Counts failures of keys and blocks a key for longer after each one beyond a free number. */
export interface FailureCounter {
  /** Milliseconds until the key may be used again; 0 when it may now. */
  blockedMs(key: string): number;
  /** Counts a failure. */
  add(key: string): void;
  /** Takes a failure back, with the block that it caused. */
  takeBack(key: string): void;
  forget(key: string): void;
}

export interface FailureCounterOptions {
  /** Failures without any block. */
  free: number;
  /** Block after the first failure beyond the free ones, in milliseconds; doubles with each further one. */
  firstBlockMs: number;
  maxBlockMs: number;
  /** Failures are forgotten after this long without another. */
  forgetMs: number;
  /** Keys remembered; the oldest are dropped first. */
  maxEntries: number;
  now: () => number;
}

interface Failures {
  count: number;
  lastAt: number;
  blockedUntil: number;
  /** The block before the last failure. */
  blockedBefore: number;
}

/** Creates a counter, kept in the memory of this process. */
export function createFailureCounter(options: FailureCounterOptions): FailureCounter {
  const { free, firstBlockMs, maxBlockMs, forgetMs, maxEntries, now } = options;
  const entries = new Map<string, Failures>();

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
    blockedMs: (key) => Math.max(0, (current(key)?.blockedUntil ?? 0) - now()),
    add(key) {
      const former = current(key);
      const count = (former?.count ?? 0) + 1;
      const blockedBefore = former?.blockedUntil ?? 0;
      const beyond = count - free;
      const block = beyond > 0 ? Math.min(maxBlockMs, firstBlockMs * 2 ** Math.min(beyond - 1, 30)) : 0;
      store(key, { count, lastAt: now(), blockedUntil: now() + block, blockedBefore });
    },
    takeBack(key) {
      const entry = current(key);
      // A success of one user must not lift a block that the failures of others brought.
      if (entry) store(key, { ...entry, count: Math.max(0, entry.count - 1), blockedUntil: entry.blockedBefore });
    },
    forget: (key) => void entries.delete(key),
  };
}
