import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';

const MAX_BYTES = 64 * 1024;

/** A password from standard input: all of it, without the last line feed. Throws CliFailure when it is empty or huge. */
export async function readSecret(cli: Pick<CliContext, 'stdin'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of cli.stdin()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw usageFailure('standard input is too long for a password');
  }
  const secret = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (secret === '') throw usageFailure('there is no password on standard input');
  return secret;
}
