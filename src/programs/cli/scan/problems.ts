import type { Problem } from '#engine/model/problem.ts';
import type { Progress } from '../terminal/progress.ts';

/** Problems that are shown; more are counted. */
const SHOWN = 20;

/** A problem as a sentence, with the place it is about. */
export function problemText({ message, path }: Pick<Problem, 'message' | 'path'>): string {
  return path === undefined ? message : `${message} (${path})`;
}

/** Notes what could not be read while something is sent: it may be missing from the result. */
export function noteProblems(progress: Progress, problems: readonly Problem[], of = ''): void {
  const partial = problems.filter(({ severity }) => severity === 'partial');
  const before = of === '' ? '' : `${of}: `;
  for (const problem of partial.slice(0, SHOWN)) progress.note(`${before}${problemText(problem)}`);
  if (partial.length > SHOWN) progress.note(`${before}and ${partial.length - SHOWN} more that could not be read`);
}
