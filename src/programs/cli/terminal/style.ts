import { styleText } from 'node:util';
import type { Output } from '../context.ts';

/** Colours text, or leaves it as it is. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Colours for terminals. `NO_COLOR` (any value), `TERM=dumb` and other streams turn them off, `FORCE_COLOR` on. */
export function styleFor(output: Output, env: NodeJS.ProcessEnv): Style {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const on = forced || (output.isTerminal && !env.NO_COLOR && env.TERM !== 'dumb');
  return on ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}

const SEVERITIES: Record<string, Parameters<typeof styleText>[0]> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  negligible: 'dim',
  unknown: 'dim',
  stop: ['bold', 'red'],
  fail: ['bold', 'red'],
  warn: 'yellow',
  pass: 'green',
  go: 'green',
  analyzed: 'green',
  analysis_failed: 'red',
};

/** Colours words that stand for good and bad. */
export function styleWord(style: Style, word: string): string {
  const format = SEVERITIES[word.toLowerCase()];
  return format === undefined ? word : style(format, word);
}

// Control characters, bidirectional overrides and line separators: names inside images are chosen by strangers.
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text that is safe to print: characters that would move the cursor or reorder text are shown as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}
