import { createContext, Script } from 'node:vm';

/** CPU time that one expression may take on one file: a base, and more for each MiB that it looks at. */
const BASE_CPU_MS = 500;
const CPU_MS_PER_MIB = 1000;
/** Waits for a processor are no fault of the expression; still, some end there must be. */
const LONGEST_WAIT_MS = 60_000;
const MOST_HITS = 1000;

/** Which of the texts an expression matches. */
export interface Matches {
  /** Ascending, at most 1,000. */
  indexes: number[];
  /** False when the expression backtracks without end on one of the texts; those before it were tried. */
  complete: boolean;
}

const context = createContext({
  matcher: /(?:)/,
  parts: [] as string[],
  out: [] as number[],
  state: { at: 0 },
  most: 0,
});
/** Only a script with a time limit can be stopped inside of a regular expression. */
const script = new Script(
  'for (; state.at < parts.length && out.length < most; state.at++) if (matcher.test(parts[state.at])) out.push(state.at);',
);

/**
 * Applies an expression to texts. It is given up by the CPU time that this thread spends, not by the clock on the wall:
 * a busy machine must not change what is found. Texts must be short enough that only a catastrophic expression fails.
 */
export function matchParts(matcher: RegExp, parts: readonly string[]): Matches {
  const out: number[] = [];
  const state = { at: 0 };
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const allowed = BASE_CPU_MS + (CPU_MS_PER_MIB * size) / 2 ** 20;
  Object.assign(context, { matcher, parts, out, state, most: MOST_HITS });
  try {
    for (let wait = allowed * 2; ; wait *= 2) {
      const started = process.threadCpuUsage();
      if (runFor(wait)) return { indexes: out, complete: true };
      const { user, system } = process.threadCpuUsage(started);
      if ((user + system) / 1000 >= allowed || wait > LONGEST_WAIT_MS) return { indexes: out, complete: false };
    }
  } finally {
    Object.assign(context, { matcher: /(?:)/, parts: [], out: [], state: { at: 0 } });
  }
}

/** True when the script came to its end, false when its time ran out. */
function runFor(milliseconds: number): boolean {
  try {
    script.runInContext(context, { timeout: Math.ceil(milliseconds) });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return false;
  }
}

/** The same for an expression that is known to come to an end. */
export function matchPlainly(matcher: RegExp, parts: readonly string[]): Matches {
  const indexes = parts.flatMap((part, index) => (matcher.test(part) ? [index] : []));
  return { indexes: indexes.slice(0, MOST_HITS), complete: true };
}
