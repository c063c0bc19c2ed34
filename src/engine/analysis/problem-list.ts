import type { Problem } from '../model/problem.ts';

/** Source named by problems of the layer pass. */
export const SOURCE = 'layer';

/** Problems of one code beyond this many are counted, not listed. */
const MAX_PER_CODE = 100;

/** Collects problems; hostile input can cause millions, so each code is listed up to a bound. */
export class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #counts = new Map<string, { count: number; severity: Problem['severity']; source: string }>();

  add(code: string, message: string, path?: string, severity: Problem['severity'] = 'partial', source = SOURCE): void {
    const problem: Problem = { code, message, severity, source };
    if (path !== undefined) problem.path = path;
    this.push(problem);
  }

  push(problem: Problem): void {
    const known = this.#counts.get(problem.code) ?? { count: 0, severity: problem.severity, source: problem.source };
    known.count++;
    this.#counts.set(problem.code, known);
    if (known.count <= MAX_PER_CODE) this.#problems.push(problem);
  }

  finish(): Problem[] {
    const all = [...this.#problems];
    for (const [code, { count, severity, source }] of this.#counts) {
      if (count <= MAX_PER_CODE) continue;
      all.push({
        code,
        message: `${count - MAX_PER_CODE} more problems of this kind are not listed.`,
        severity,
        source,
      });
    }
    return all;
  }
}

/** A raw name for people: control characters escaped, cut to a readable length. */
export function pathText(name: Uint8Array): string {
  const text = Buffer.from(name.buffer, name.byteOffset, Math.min(name.length, 1024)).toString('utf8');
  return text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
