import vm from 'node:vm';
import type { TranslatedRegex } from '#shared/python-regex.ts';

/** Raised when the expressions of one evaluation used up their time. */
export class RegexTimeout extends Error {
  override readonly name = 'RegexTimeout';
}

/** Runs users' expressions under a common time budget. */
export interface RegexRunner {
  /**
   * Which of `subjects` match: one flag per subject, in order. Throws RegexTimeout when the expression cannot be
   * finished within the budget, so that a pattern with catastrophic backtracking fails its rule and nothing else.
   */
  matches(pattern: TranslatedRegex, subjects: readonly string[]): boolean[];
}

/** Milliseconds that one batch may take, and all batches of one evaluation together. */
export const REGEX_BUDGET = { batchMs: 1_000, evaluationMs: 5_000 } as const;

/** Longest subject that is searched; policy subjects are paths, lines and names. */
const MAX_SUBJECT_LENGTH = 65_536;

/**
 * A watchdog of `node:vm` interrupts the regular-expression engine of V8 itself. A static check at save time would
 * refuse harmless patterns and still miss polynomial ones; a linear-time engine would lack the look-behind that the
 * documented secret patterns use. The watchdog costs a fifth of a millisecond, hence whole batches.
 */
const LOOP = new vm.Script(`(() => {
  const expression = pattern;
  const list = subjects;
  const found = new Array(list.length);
  for (let i = 0; i < list.length; i++) found[i] = expression.test(list[i]);
  return found;
})()`);

/** One context for all batches: making one costs a millisecond. Batches are synchronous and never nest. */
const sandbox: { pattern: RegExp | null; subjects: readonly string[] } = { pattern: null, subjects: [] };
const context = vm.createContext(sandbox);

/** Starts a runner with a fresh budget. */
export function createRegexRunner(budget: { batchMs: number; evaluationMs: number } = REGEX_BUDGET): RegexRunner {
  let left = budget.evaluationMs;
  return {
    matches(pattern, subjects) {
      if (subjects.length === 0) return [];
      const timeout = Math.floor(Math.min(budget.batchMs, left));
      if (timeout < 1) throw new RegexTimeout('the time for regular expressions of this evaluation is used up');
      const started = performance.now();
      try {
        return runBatch(pattern, subjects, timeout);
      } finally {
        left -= performance.now() - started;
      }
    },
  };
}

function runBatch(pattern: TranslatedRegex, subjects: readonly string[], timeout: number): boolean[] {
  const bounded = subjects.map((subject) =>
    subject.length > MAX_SUBJECT_LENGTH ? subject.slice(0, MAX_SUBJECT_LENGTH) : subject,
  );
  sandbox.pattern = new RegExp(pattern.source, pattern.flags);
  sandbox.subjects = bounded;
  try {
    return [...(LOOP.runInContext(context, { timeout }) as boolean[])];
  } catch (error) {
    // The error may belong to another realm: its class says nothing.
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new RegexTimeout(`regular expression took longer than ${timeout} ms`);
    }
    throw error;
  } finally {
    sandbox.pattern = null;
    sandbox.subjects = [];
  }
}
