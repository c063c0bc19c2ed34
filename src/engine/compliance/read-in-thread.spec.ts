import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { arf } from '../../../test/builders/compliance.ts';
import { checkHdf } from './hdf/check-hdf.ts';
import { readInThread } from './read-in-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const report = arf({ rules: [{ id: 'rule_a', result: 'pass' }] });
const plain = write('arf.xml', report);
const packed = write('arf.zst', zstdCompressSync(report));
const options = { timeoutMs: 30_000 };

describe('readInThread', () => {
  it('reads, converts and checks, compressed or not', async () => {
    const read = await readInThread({ kind: 'report', path: packed, compressed: true }, options);
    expect(read).toMatchObject({ format: 'arf', verdict: 'pass' });
    expect(await readInThread({ kind: 'report', path: plain, compressed: false }, options)).toEqual(read);
    const text = await readInThread({ kind: 'convert', path: packed, compressed: true }, options);
    const hdf = write('hdf.json', text);
    expect(await readInThread({ kind: 'check-hdf', path: hdf, compressed: false }, options)).toEqual(checkHdf(text));
  });

  it.each([
    ['XML that is none', write('a', 'no'), 'report', {}, 'not-xml'],
    ['HDF that is none', write('b', '{}'), 'check-hdf', {}, 'not-hdf'],
    ['more bytes than it may have', plain, 'check-hdf', { bytes: 100 }, 'too-large'],
    ['bytes that are no text', write('c', Buffer.from([0xff, 0xfe])), 'check-hdf', {}, 'bad-encoding'],
  ] as const)('refuses %s', async (_, path, kind, limits, code) => {
    const task = readInThread({ kind, path, compressed: false }, { ...options, limits });
    await expect(task).rejects.toMatchObject({ name: 'ComplianceReadError', code });
  });

  it('ends a thread that takes too long or is no longer wanted', async () => {
    const task = { kind: 'report', path: plain, compressed: false } as const;
    await expect(readInThread(task, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const running = readInThread(task, { ...options, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('refuses a file that needs more memory than there is', async () => {
    const rules = Array.from({ length: 20_000 }, (_, n) => ({
      id: `rule_${n}`,
      result: 'pass',
      title: 'x'.repeat(500),
    }));
    const path = write('large.xml', arf({ rules }));
    const task = readInThread({ kind: 'report', path, compressed: false }, { ...options, memoryMb: 24 });
    await expect(task).rejects.toMatchObject({ code: 'too-large' });
  });

  it('tells of a file that is gone as a failure of the server', async () => {
    const task = readInThread({ kind: 'report', path: join(folder, 'none'), compressed: true }, options);
    await expect(task).rejects.toThrow('ENOENT');
  });
});
