/** Smaller differences are those of a loaded machine, milliseconds. */
const NOTICEABLE_MS = 30_000;

/**
 * Tells by how many milliseconds a clock was set since the last call, compared with the time that passed: negative when it
 * was set back, 0 when it runs as it should or this is the first call.
 */
export function createClockSteps(elapsedMs: () => number = () => performance.now()): (clock: Date) => number {
  let last: { clock: number; elapsed: number } | undefined;
  return (clock) => {
    const at = { clock: clock.getTime(), elapsed: elapsedMs() };
    const step = last === undefined ? 0 : at.clock - last.clock - (at.elapsed - last.elapsed);
    last = at;
    return Math.abs(step) < NOTICEABLE_MS ? 0 : step;
  };
}
