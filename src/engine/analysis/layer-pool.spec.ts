import { afterAll, describe, expect, it } from 'vitest';
import { analyzers } from '../analyzers/index.ts';
import { buildTar } from '../formats/tar/tar-builder.ts';
import { analyzeImage } from './analyze-image.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { createLayerPool, type LayerJob, LayerTimeout } from './layer-pool.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { memoryImage } from './memory-image.ts';

const pool = createLayerPool({ size: 1 });
const misbehaving = createLayerPool({
  size: 1,
  analyzersModule: new URL('./misbehaving-analyzers.fixture.ts', import.meta.url).href,
});
afterAll(async () => {
  await Promise.all([pool.close(), misbehaving.close()]);
});

const settings = { settings: DEFAULT_SETTINGS, packagesOnly: false, limits: DEFAULT_LIMITS };

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Gives nothing, and never ends, whatever becomes of the reader. */
async function* never(): AsyncIterable<Uint8Array> {
  await new Promise(() => {});
  yield new Uint8Array(0);
}

const job = (name: string, more: Partial<LayerJob> = {}): LayerJob => ({
  settings,
  encode: false,
  open: async () => once(buildTar([{ name, content: 'x' }])),
  ...more,
});
const stuck = (more: Partial<LayerJob> = {}): LayerJob => job('', { open: async () => never(), ...more });

describe('worker threads', () => {
  it('find what the calling thread finds', async () => {
    const layers = [
      buildTar([
        { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' },
        { name: 'a/package.json', content: '{"name":"a","version":"1.0.0"}' },
      ]),
      buildTar([
        { name: 'b/package.json', content: '{"name":"b","version":"2.0.0"}' },
        { name: 'big', content: Buffer.alloc(3_000_000, 'api_key = 0123456789abcdef01234 ') },
      ]),
    ];
    const options = { settings: DEFAULT_SETTINGS };
    const threaded = await analyzeImage(memoryImage(layers), { ...options, pool });
    expect(threaded.packages.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(threaded).toEqual(await analyzeImage(memoryImage(layers), { ...options, analyzers }));
  });

  it('report bytes up to what there is, never more', async () => {
    // A hard link that is wanted under its second name only makes the layer be read twice.
    const twice = buildTar([
      { name: 'x', content: '{"name":"a","version":"1.0.0"}' },
      { name: 'node_modules/a/package.json', flag: '1', link: 'x' },
    ]);
    const image = memoryImage([twice, buildTar([{ name: 'y', content: 'y'.repeat(10_000) }]), twice]);
    const seen: number[] = [];
    const { packages } = await analyzeImage(image, {
      settings: DEFAULT_SETTINGS,
      pool,
      onProgress: ({ bytesDone, bytesTotal }) => {
        expect(bytesDone).toBeLessThanOrEqual(bytesTotal);
        seen.push(bytesDone);
      },
    });
    expect(packages).toHaveLength(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(image.layers.reduce((sum, { size }) => sum + size, 0));
  });

  it('leave a job that is aborted while it waits for bytes, and go on with others', async () => {
    const abort = new AbortController();
    const running = pool.run(stuck({ signal: abort.signal }));
    const queued = new AbortController();
    const waiting = pool.run(job('a', { signal: queued.signal }));
    const last = pool.run(job('b'));
    queued.abort(new Error('not wanted any more'));
    await expect(waiting).rejects.toThrow('not wanted any more');
    abort.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect((await last).record.entryCount).toBe(1);
    await expect(pool.run(job('c', { signal: AbortSignal.abort(new Error('too late')) }))).rejects.toThrow('too late');
  });

  it('hand on the error of a source', async () => {
    const failing = job('', {
      open: async () => {
        throw new Error('connection lost');
      },
    });
    await expect(pool.run(failing)).rejects.toThrow('connection lost');
    expect((await pool.run(job('a'))).record.complete).toBe(true);
  });

  it('are ended when they are busy without end, by the signal or by the time limit', async () => {
    const abort = new AbortController();
    const busy = misbehaving.run(
      job('endless', { signal: abort.signal, onBytes: () => abort.abort(new Error('enough')) }),
    );
    abort.abort(new Error('enough'));
    await expect(busy).rejects.toThrow('enough');
    const limited = { ...settings, limits: { ...DEFAULT_LIMITS, layerTimeMs: 1 } };
    await expect(misbehaving.run(job('endless', { settings: limited }))).rejects.toThrow(LayerTimeout);
    expect((await misbehaving.run(job('a'))).record.facts).toMatchObject([{ fact: 'x' }]);
  });

  it('are replaced when they die', async () => {
    await expect(misbehaving.run(job('exit'))).rejects.toThrow('ended with code 7');
    expect((await misbehaving.run(job('a'))).record.facts).toHaveLength(1);
  });

  it('refuse jobs once they are closed, also those that wait', async () => {
    const closing = createLayerPool({ size: 1 });
    const running = closing.run(stuck());
    const waiting = closing.run(job('a'));
    const outcomes = Promise.allSettled([running, waiting]);
    await closing.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(closing.run(job('a'))).rejects.toThrow('closed');
  });
});
