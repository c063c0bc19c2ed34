import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bundleBytes, isBundleHead, readBundle } from './bundle.ts';
import type { BuildSource } from './store.ts';

const contents = new Map([
  ['a', Buffer.from('first'.repeat(400))],
  ['b', Buffer.from('second')],
]);
const sources: BuildSource[] = [...contents].map(([name, bytes]) => ({
  name,
  kind: name === 'a' ? 'grype-v6' : 'records',
  checksum: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  object_key: name,
  size: bytes.length,
  schema_version: null,
  captured_at: null,
  location: 'https://user:secret@feeds.invalid/x?token=secret',
}));
const objects = { open: async (key: string) => Readable.from([contents.get(key) ?? Buffer.alloc(0)]) };
const build = { checksum: 'sha256:x', built_at: new Date('2026-01-01T00:00:00Z') };

async function written(): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bundleBytes(objects, build, sources, new Date(0))) parts.push(part);
  return Buffer.concat(parts);
}

async function read(bytes: Buffer): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await readBundle(Readable.from([bytes]), async (source, data) => {
    const parts: Uint8Array[] = [];
    for await (const part of data) parts.push(part);
    found.set(source.name, Buffer.concat(parts).toString());
  });
  return found;
}

describe('a bundle', () => {
  it('gives back what was put in, and no credentials', async () => {
    const bytes = await written();
    expect(isBundleHead(bytes)).toBe(true);
    expect(await read(bytes)).toEqual(new Map([...contents].map(([name, data]) => [name, data.toString()])));
    expect(bytes.includes('secret')).toBe(false);
    expect(await written()).toEqual(bytes);
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['cut off in a source', (bytes) => bytes.subarray(0, 3000), 'truncated'],
    ['cut off between sources', (bytes) => bytes.subarray(0, bytes.length - 2048), 'truncated'],
    [
      'changed',
      (bytes) => {
        bytes[bytes.indexOf('second')] = 0x53;
        return bytes;
      },
      'checksum-mismatch',
    ],
    ['another archive', () => Buffer.alloc(2048, 0x61), 'corrupt'],
    ['empty', () => Buffer.alloc(0), 'truncated'],
  ])('%s', async (_, spoil, code) => {
    await expect(read(spoil(await written()))).rejects.toMatchObject({ code });
  });
});
