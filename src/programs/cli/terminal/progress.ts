import type { CliContext } from '../context.ts';
import { printable } from './style.ts';
import { truncate } from './width.ts';

/** Shows what is going on, on stderr. */
export interface Progress {
  /** Replaces the line shown. */
  update(text: string): void;
  /** A line that stays, unless progress is off. */
  note(text: string): void;
  /** Removes the line shown. */
  end(): void;
}

/** `auto`: only on a terminal. `on`: also elsewhere, a line for each change, at most one a second. */
export type ProgressMode = 'auto' | 'on' | 'off';

const EVERY_MS = 80;
const PLAIN_EVERY_MS = 1000;

/** Makes the progress line of a command. */
export function progressLine({ stderr, env }: Pick<CliContext, 'stderr' | 'env'>, mode: ProgressMode): Progress {
  const live = mode !== 'off' && stderr.isTerminal && env.TERM !== 'dumb';
  let shown = false;
  let last = -PLAIN_EVERY_MS;
  const clear = (): void => {
    if (shown) void stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    update(text) {
      const time = performance.now();
      if (time - last < (live ? EVERY_MS : PLAIN_EVERY_MS)) return;
      last = time;
      if (live) {
        void stderr.write(`\r\u001b[K${truncate(printable(text), Math.max(20, stderr.columns - 1))}`);
        shown = true;
      } else if (mode === 'on') void stderr.write(`${printable(text)}\n`);
    },
    note(text) {
      if (mode === 'off') return;
      clear();
      void stderr.write(`${printable(text)}\n`);
    },
    end: clear,
  };
}
