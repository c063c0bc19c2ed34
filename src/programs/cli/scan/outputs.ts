import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Output } from '../context.ts';
import { CliFailure, usageFailure } from '../failure.ts';

/** Forms of the result of a scan. */
export const SCAN_FORMATS = ['table', 'json', 'native-json', 'cyclonedx-json', 'spdx-json'] as const;
/** One of `SCAN_FORMATS`. */
export type ScanFormat = (typeof SCAN_FORMATS)[number];

/** One result to write: to a file, or to standard output. */
export interface ScanOutput {
  format: ScanFormat;
  file?: string;
}

/** Reads the values of `-o`: `FORMAT` or `FORMAT=FILE`; at most one without a file. Without any, a table. Throws CliFailure. */
export function parseOutputs(values: readonly string[]): ScanOutput[] {
  const outputs = values.map((value): ScanOutput => {
    const equals = value.indexOf('=');
    const name = equals < 0 ? value : value.slice(0, equals);
    const format = SCAN_FORMATS.find((known) => known === name);
    if (!format) throw usageFailure(`unknown output format "${name}"`, `Formats: ${SCAN_FORMATS.join(', ')}.`);
    if (equals < 0) return { format };
    const file = value.slice(equals + 1);
    if (file === '') throw usageFailure(`-o ${value} names no file`);
    return file === '-' ? { format } : { format, file };
  });
  const plain = outputs.filter(({ file }) => file === undefined);
  if (plain.length > 1) {
    throw usageFailure(
      `only one format can go to standard output, not ${plain.map(({ format }) => format).join(' and ')}`,
      'Give the others a file: -o FORMAT=FILE.',
    );
  }
  return outputs.length === 0 ? [{ format: 'table' }] : outputs;
}

/** Writes pieces of text to where an output goes. Throws CliFailure when a file cannot be written. */
export async function writeOutput({ file }: ScanOutput, stdout: Output, pieces: Iterable<string>): Promise<void> {
  if (file === undefined) {
    for (const chunk of chunked(pieces)) await stdout.write(chunk);
    return;
  }
  const stream = createWriteStream(file);
  try {
    await once(stream, 'open');
    for (const chunk of chunked(pieces)) if (!stream.write(chunk)) await once(stream, 'drain');
    stream.end();
    await finished(stream);
  } catch (cause) {
    stream.destroy();
    throw new CliFailure(`cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}

const CHUNK = 64 * 1024;

/** Joins small pieces: one write for each would cost more than making them. */
function* chunked(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
