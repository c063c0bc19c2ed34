import { expect, it } from 'vitest';
import type { VersionScheme } from './types.ts';

/** Checks lines `a < b`, `a > b` or `a = b`, in both directions. Versions with blanks are quoted by backticks. */
export function checkOrder(scheme: VersionScheme, table: string): void {
  for (const line of table
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '')) {
    it(line, () => {
      const match = /^(?:`([^`]*)`|(\S+)) ([<>=]) (?:`([^`]*)`|(\S+))$/.exec(line);
      if (!match) throw new Error(`not a vector: ${line}`);
      const a = match[1] ?? match[2] ?? '';
      const b = match[4] ?? match[5] ?? '';
      const expected = match[3] === '<' ? -1 : match[3] === '>' ? 1 : 0;
      expect(scheme.compare(a, b)).toBe(expected);
      expect(scheme.compare(b, a)).toBe(expected === 0 ? 0 : -expected);
    });
  }
}

/** Checks that texts are, or are not, of the scheme's grammar. */
export function checkValid(scheme: VersionScheme, valid: readonly string[], invalid: readonly string[]): void {
  it.each([...valid])('%s is valid', (text) => expect(scheme.valid(text)).toBe(true));
  it.each([...invalid])('%s is not valid', (text) => expect(scheme.valid(text)).toBe(false));
}
