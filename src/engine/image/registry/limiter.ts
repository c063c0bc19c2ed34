/** Lets a bounded number of holders in at a time, first come first served. */
export interface Limiter {
  /** Resolves to the function that gives the place back; calling it twice does no harm. */
  acquire(signal?: AbortSignal): Promise<() => void>;
}

/** A limiter with `places`. */
export function createLimiter(places: number): Limiter {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async acquire(signal) {
      signal?.throwIfAborted();
      if (free > 0) free--;
      else {
        await new Promise<void>((resolve, reject) => {
          const enter = (): void => {
            signal?.removeEventListener('abort', leave);
            resolve();
          };
          const leave = (): void => {
            waiting.splice(waiting.indexOf(enter), 1);
            reject(signal?.reason);
          };
          waiting.push(enter);
          signal?.addEventListener('abort', leave, { once: true });
        });
      }
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const next = waiting.shift();
        if (next) next();
        else free++;
      };
    },
  };
}
