/** Thrown when too much work waits already. */
export class SlotsBusy extends Error {
  override name = 'SlotsBusy';
}

/** Bounds work that runs at once, and work that waits for it. First come, first served. */
export interface Slots {
  /** Runs the work when a slot is free. Throws SlotsBusy when the queue is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates slots. */
export function createSlots(options: { concurrency: number; maxWaiting: number }): Slots {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function acquire(): Promise<void> {
    if (running < options.concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= options.maxWaiting) throw new SlotsBusy('too much work waiting');
    // The finishing task hands its slot over, so "running" stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
  return {
    async run(work) {
      await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
