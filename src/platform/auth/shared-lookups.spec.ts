import { describe, expect, it } from 'vitest';
import { sharedLookups } from './shared-lookups.ts';

function lookups() {
  const pending: { key: string; resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const find = sharedLookups((key) => new Promise<string>((resolve, reject) => pending.push({ key, resolve, reject })));
  return { pending, find };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('sharedLookups', () => {
  it('serves callers that came during a lookup with one that began after them', async () => {
    const { pending, find } = lookups();
    const first = find('a');
    const second = find('a');
    const third = find('a');
    expect(pending).toHaveLength(1);
    pending[0]!.resolve('old');
    expect(await first).toBe('old');
    await turn();
    expect(pending).toHaveLength(2);
    pending[1]!.resolve('new');
    expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  });

  it('keeps keys apart and nothing after the end', async () => {
    const { pending, find } = lookups();
    void find('a');
    void find('b');
    expect(pending.map((one) => one.key)).toEqual(['a', 'b']);
    pending[0]!.resolve('1');
    await turn();
    void find('a');
    expect(pending).toHaveLength(3);
  });

  it('goes on after a failure', async () => {
    const { pending, find } = lookups();
    const first = find('a');
    const second = find('a');
    pending[0]!.reject(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await turn();
    pending[1]!.resolve('found');
    expect(await second).toBe('found');
  });
});
