import { RegistryError } from '../errors.ts';

/** Reads a body whole, up to `limit` bytes. Throws `RegistryError` (`too-large`). */
export async function readBody(body: AsyncIterable<Uint8Array>, limit: number, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw new RegistryError('too-large', `${what} has more than ${limit} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Reads a little of a body that nobody wants, so that its connection can be used again; drops it when it is long. */
export async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > 64 * 1024) return;
  }
}
