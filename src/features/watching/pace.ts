import { setTimeout as wait } from 'node:timers/promises';

/** Holds what is asked of each registry to a rate and to a number of requests at once. */
export interface Pace {
  /** Runs the questions of one registry; stops asking when `stop` says so. */
  run<T>(
    registry: string,
    questions: readonly T[],
    ask: (question: T) => Promise<void>,
    stop: () => boolean,
  ): Promise<void>;
}

/** Budget of one registry. */
export interface Budget {
  requestsPerSecond: number;
  parallel: number;
}

/** Makes a pace. The first second's worth of requests goes out at once; from then on one by one. */
export function createPace(budget: Budget, now: () => number = () => performance.now()): Pace {
  const gap = 1000 / budget.requestsPerSecond;
  /** When the next request to a registry may go out. */
  const next = new Map<string, number>();

  /** Milliseconds to wait for a place. */
  function place(registry: string): number {
    const at = now();
    const mine = Math.max(next.get(registry) ?? 0, at - 1000 + gap);
    next.set(registry, mine + gap);
    return Math.max(0, mine - at);
  }

  return {
    async run(registry, questions, ask, stop) {
      const waiting = [...questions].reverse();
      const one = async (): Promise<void> => {
        for (let question = waiting.pop(); question !== undefined && !stop(); question = waiting.pop()) {
          const pause = place(registry);
          if (pause > 0) await wait(pause);
          if (stop()) return;
          await ask(question);
        }
      };
      await Promise.all(Array.from({ length: Math.min(budget.parallel, waiting.length) }, one));
    },
  };
}
