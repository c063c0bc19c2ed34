/** Pause before the next try in milliseconds: doubles from `first` to `most`, give or take a fifth. `attempt` begins at 1. */
export function backoff(attempt: number, first = 2_000, most = 300_000, random: () => number = Math.random): number {
  const full = Math.min(most, first * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full * (0.8 + 0.4 * random()));
}

/** Waits, or ends early when the signal is aborted; never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
