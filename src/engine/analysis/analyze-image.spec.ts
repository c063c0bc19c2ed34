import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Analyzer } from '../analyzers/types.ts';
import { buildTar, type TarSource } from '../formats/tar/tar-builder.ts';
import { digestOf } from '../image/image-metadata.ts';
import type { Analysis } from '../model/analysis.ts';
import { type AnalyzeOptions, analyzeImage } from './analyze-image.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { memoryImage } from './memory-image.ts';

/** Reports the text of files named `fact`, and those that begin with `MAGIC`, as search hits. */
const finder: Analyzer<string> = {
  name: 'finder',
  version: 1,
  kind: 'packages',
  select(file) {
    const magic = Buffer.from(file.head).toString().startsWith('MAGIC');
    if (!file.path.endsWith('/fact') && !magic) return undefined;
    return { kind: 'whole', limit: 100, read: (content) => Buffer.from(content.bytes()).toString() };
  },
  collect: (_, facts) => ({
    contentSearch: facts.map(({ path, fact }) => ({ path, name: fact, regex: '', lines: [] })),
  }),
};

const dir = (name: string): TarSource => ({ name, flag: '5' });
const file = (name: string, content = name): TarSource => ({ name, content });
const link = (name: string, target: string): TarSource => ({ name, flag: '2', link: target });
const hard = (name: string, target: string): TarSource => ({ name, flag: '1', link: target });

function analyze(layers: TarSource[][], options: Partial<AnalyzeOptions> = {}): Promise<Analysis> {
  return analyzeBlobs(
    layers.map((entries) => buildTar(entries)),
    options,
  );
}

function analyzeBlobs(
  blobs: Uint8Array[],
  options: Partial<AnalyzeOptions> = {},
  diffIds: string[] = [],
): Promise<Analysis> {
  return analyzeImage(memoryImage(blobs, diffIds), { settings: DEFAULT_SETTINGS, analyzers: [finder], ...options });
}

const paths = (analysis: Analysis): string[] => (analysis.files ?? []).map(({ path }) => path);
const facts = (analysis: Analysis): string[] =>
  (analysis.contentSearch ?? []).map(({ path, name }) => `${path}=${name}`);
const codes = (analysis: Analysis): string[] => analysis.problems.map(({ code }) => code);

describe('squashing', () => {
  it.each<[string, TarSource[][], string[]]>([
    ['a whiteout hides a file', [[file('a/x'), file('a/y')], [file('a/.wh.x')]], ['/a', '/a/y']],
    ['a whiteout hides a tree', [[file('a/b/x'), file('c')], [file('.wh.a')]], ['/c']],
    ['a whiteout of nothing does nothing', [[file('a')], [file('.wh.b'), file('x/.wh.y')]], ['/a']],
    [
      'a whiteout spares its own layer, before and after',
      [
        [file('a'), file('b')],
        [file('a', '2'), file('.wh.a'), file('.wh.b'), file('b', '2')],
      ],
      ['/a', '/b'],
    ],
    ['other .wh..wh. names are ignored', [[file('a')], [file('.wh..wh.plnk'), file('.wh..wh.aufs')]], ['/a']],
    ['an opaque mark hides lower content', [[file('a/x')], [file('a/y'), file('a/.wh..wh..opq')]], ['/a', '/a/y']],
    [
      'an opaque mark at the root',
      [
        [file('a'), file('b')],
        [file('.wh..wh..opq'), file('c')],
      ],
      ['/c'],
    ],
    [
      'an opaque mark never follows a link',
      [
        [file('t/x'), link('l', '/t')],
        [dir('l'), file('l/.wh..wh..opq'), file('l/y')],
      ],
      ['/l', '/l/y', '/t', '/t/x'],
    ],
    ['overlay devices are whiteouts', [[file('a')], [{ name: 'a', flag: '3' }]], []],
    [
      'a directory replaces a link',
      [
        [file('t/x'), link('l', 't')],
        [dir('l'), file('l/y')],
      ],
      ['/l', '/l/y', '/t', '/t/x'],
    ],
    [
      'a directory replaces a link wherever its entry stands',
      [
        [file('t/x'), link('l', 't')],
        [file('l/y'), dir('l')],
      ],
      ['/l', '/l/y', '/t', '/t/x'],
    ],
    [
      'parents without entries are reached through links',
      [[dir('usr/lib'), link('lib', 'usr/lib')], [file('lib/x')]],
      ['/lib', '/usr', '/usr/lib', '/usr/lib/x'],
    ],
    [
      'whiteouts reach through links too',
      [[file('usr/lib/x'), link('lib', 'usr/lib')], [file('lib/.wh.x')]],
      ['/lib', '/usr', '/usr/lib'],
    ],
    ['a file replaces a directory', [[file('a/x')], [file('a')]], ['/a']],
    ['a directory replaces a file', [[file('a')], [file('a/x')]], ['/a', '/a/x']],
    ['a link replaces a directory', [[file('a/x'), file('b')], [link('a', 'b')]], ['/a', '/b']],
    ['directories merge', [[file('a/x')], [dir('a'), file('a/y')]], ['/a', '/a/x', '/a/y']],
    ['the last of equal names wins', [[file('a/x'), file('a', '1'), dir('a'), file('a/y')]], ['/a', '/a/y']],
    ['paths come in byte order', [[file('a/b'), file('a-b'), file('a.b')]], ['/a', '/a-b', '/a.b', '/a/b']],
  ])('%s', async (_, layers, expected) => {
    const analysis = await analyze(layers);
    expect(paths(analysis)).toEqual(expected);
    expect(analysis.problems).toEqual([]);
  });

  it('takes the metadata of the upper directory', async () => {
    const { files } = await analyze([[{ ...dir('a'), mode: 0o700 }], [{ ...dir('a'), mode: 0o1777 }]]);
    expect(files).toMatchObject([{ path: '/a', mode: 0o1777, layer: 1 }]);
  });

  it('rejects entries that leave the root, and lists them', async () => {
    const analysis = await analyze([
      [file('../x'), dir('d'), link('d/out', '../../tmp'), file('d/out/y'), hard('h', '../../etc/passwd'), file('ok')],
    ]);
    expect(paths(analysis)).toEqual(['/d', '/d/out', '/ok']);
    expect(codes(analysis)).toEqual(['path-escape', 'path-escape', 'path-escape']);
  });

  it('ends link loops', async () => {
    const analysis = await analyze([[link('a', 'b'), link('b', 'a'), link('s', 's/s'), file('x')], [file('a/.wh.q')]]);
    expect(paths(analysis)).toEqual(['/a', '/b', '/s', '/x']);
  });
});

describe('hard links', () => {
  it('have size and digest of what they name, also when that is deleted', async () => {
    const { files } = await analyze([[file('a', 'MAGIC'), hard('b', 'a')], [file('.wh.a')]]);
    expect(files).toEqual([
      expect.objectContaining({
        path: '/b',
        type: 'hardlink',
        size: 5,
        linkTarget: 'a',
        sha256: expect.stringMatching(/^[a-f0-9]{64}$/),
      }),
    ]);
  });

  it('are bound to what their target was when they were written', async () => {
    const analysis = await analyze([[file('a/fact', 'one'), hard('b/fact', 'a/fact'), file('a/fact', 'two')]]);
    expect(facts(analysis)).toEqual(['/a/fact=two', '/b/fact=one']);
  });

  it('give facts found by name to each name, those found by content once', async () => {
    const byName = await analyze([[file('a/fact', 'x'), hard('b/fact', 'a/fact'), hard('c/other', 'a/fact')]]);
    expect(facts(byName)).toEqual(['/a/fact=x', '/b/fact=x']);
    const byContent = await analyze([[file('a', 'MAGIC'), hard('b', 'a')]]);
    expect(facts(byContent)).toEqual(['/a=MAGIC']);
    const moved = await analyze([[file('a', 'MAGIC'), hard('b', 'a'), hard('c', 'a')], [file('.wh.a')]]);
    expect(facts(moved)).toEqual(['/b=MAGIC']);
  });

  it('are read again when only the later name is of interest', async () => {
    const analysis = await analyze([[file('cache/0a1b', 'late'), hard('app/fact', 'cache/0a1b')]]);
    expect(facts(analysis)).toEqual(['/app/fact=late']);
  });

  it('may name files of lower layers', async () => {
    const analysis = await analyze([[file('a', 'MAGIC')], [hard('b', 'a'), hard('c', 'none')]]);
    expect(analysis.files).toMatchObject([
      { path: '/a' },
      { path: '/b', size: 5, sha256: expect.any(String) },
      { path: '/c' },
    ]);
    expect(codes(analysis)).toEqual(['hardlink-target-missing']);
  });
});

describe('layers', () => {
  const tar = buildTar([file('fact', 'x')]);

  it.each<[string, Uint8Array]>([
    ['bare', tar],
    ['gzip', gzipSync(tar)],
    [
      'gzip of several members and padding',
      Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700)), Buffer.alloc(99)]),
    ],
    ['zstd', zstdCompressSync(tar)],
    [
      'zstd of several frames, one to skip',
      Buffer.concat([
        Buffer.from('502a4d1803000000616263', 'hex'),
        zstdCompressSync(tar.subarray(0, 600)),
        zstdCompressSync(tar.subarray(600)),
      ]),
    ],
  ])('are read when %s', async (_, blob) => {
    const analysis = await analyzeBlobs([blob], {}, [digestOf(tar)]);
    expect(analysis.problems).toEqual([]);
    expect(facts(analysis)).toEqual(['/fact=x']);
    expect(analysis.layers).toMatchObject([
      { diffId: digestOf(tar), rawSize: tar.length, size: blob.length, complete: true, createdBy: 'step 0' },
    ]);
  });

  it.each<[string, Uint8Array, string]>([
    ['cut short', gzipSync(tar).subarray(0, 60), 'layer-truncated'],
    ['damaged', Buffer.concat([gzipSync(tar).subarray(0, 10), Buffer.alloc(40, 0xff)]), 'layer-corrupt'],
    ['compressed with xz', Buffer.from('fd377a585a0000', 'hex'), 'layer-compression'],
    ['compressed with bzip2', Buffer.from('BZh91AY'), 'layer-compression'],
    ['no tar', Buffer.alloc(2000, 0x41), 'layer-tar-corrupt'],
  ])('give a partial result when %s', async (_, blob, code) => {
    const analysis = await analyzeBlobs([buildTar([file('a/fact', 'kept')]), blob]);
    expect(facts(analysis)).toContain('/a/fact=kept');
    expect(analysis.problems[0]).toMatchObject({ code, severity: 'partial', layer: digestOf(blob) });
    expect(analysis.layers[1]!.complete).toBe(false);
  });

  it('may be empty', async () => {
    expect((await analyzeBlobs([new Uint8Array(0), new Uint8Array(1024)])).problems).toEqual([]);
    expect((await analyzeBlobs([])).layers).toEqual([]);
  });

  it('are left out when their bytes are not what the digest says', async () => {
    const image = memoryImage([tar]);
    image.layers[0]!.digest = digestOf(Buffer.from('other'));
    const cache = new Map<string, Uint8Array>();
    const store = {
      get: async (key: string) => cache.get(key),
      put: async (key: string, bytes: Uint8Array) => void cache.set(key, bytes),
    };
    const openBlob = async (): Promise<AsyncIterable<Uint8Array>> =>
      (async function* () {
        yield tar;
      })();
    const options = { settings: DEFAULT_SETTINGS, analyzers: [finder], cache: store };
    const analysis = await analyzeImage({ ...image, openBlob }, options);
    expect(facts(analysis)).toEqual([]);
    expect(codes(analysis)).toEqual(['layer-digest-mismatch']);
    expect(cache.size).toBe(0);
  });

  it('have their diff-ids compared with the claimed ones', async () => {
    const analysis = await analyzeBlobs([tar], {}, [digestOf(Buffer.from('other'))]);
    expect(codes(analysis)).toEqual(['diff-id-mismatch']);
    expect(facts(analysis)).toEqual(['/fact=x']);
  });

  it.each<[string, AnalyzeOptions['limits'] & object]>([
    ['bytes', { layerBytes: 600 }],
    ['entries', { layerEntries: 1 }],
    ['growth', { ratio: 2, ratioFloor: 1000 }],
  ])('stop at the limit of %s', async (_, limits) => {
    const blob = gzipSync(buildTar([file('a'), file('b', '\0'.repeat(100_000)), file('c')]));
    const analysis = await analyzeBlobs([blob], { limits });
    expect(codes(analysis)[0]).toBe('layer-limit');
  });

  it('are read once, and from the cache the next time', async () => {
    const cache = new Map<string, Uint8Array>();
    const store = {
      get: async (key: string) => cache.get(key),
      put: async (key: string, bytes: Uint8Array) => void cache.set(key, bytes),
    };
    const image = memoryImage([gzipSync(tar), gzipSync(buildTar([hard('b', 'fact'), file('c')])), gzipSync(tar)]);
    let reads = 0;
    const counted = {
      ...image,
      openBlob: (...args: Parameters<typeof image.openBlob>) => {
        reads++;
        return image.openBlob(...args);
      },
    };
    const options = { settings: DEFAULT_SETTINGS, analyzers: [finder], cache: store };
    const first = await analyzeImage(counted, options);
    expect(reads).toBe(2);
    expect(await analyzeImage(counted, options)).toEqual(first);
    expect(reads).toBe(2);
    await analyzeImage(counted, { ...options, analyzers: [{ ...finder, version: 2 }] });
    expect(reads).toBe(4);
    for (const key of cache.keys()) cache.set(key, Buffer.from('damaged'));
    expect(await analyzeImage(counted, options)).toEqual(first);
  });
});

describe('analyzers', () => {
  it('that throw cost their own result', async () => {
    const broken: Analyzer = {
      ...finder,
      name: 'broken',
      select: () => {
        throw new Error('select');
      },
      collect: () => {
        throw new Error('collect');
      },
    };
    const analysis = await analyze([[file('fact', 'x')]], { analyzers: [broken, finder] });
    expect(facts(analysis)).toEqual(['/fact=x']);
    expect(codes(analysis)).toEqual(['analyzer-failed', 'analyzer-failed']);
  });

  it('are told when a file is too large for them', async () => {
    const analysis = await analyze([[file('fact', 'x'.repeat(101))]]);
    expect(analysis.problems).toMatchObject([{ code: 'file-too-large', path: '/fact', source: 'finder' }]);
    expect(codes(await analyze([[file('fact', 'x'.repeat(101))], [file('.wh.fact')]]))).toEqual([]);
  });

  it('get large files from disk and small ones whole, whatever the chunks', async () => {
    const size = 9 * 1024 * 1024;
    const sizes: number[] = [];
    const reader: Analyzer = {
      ...finder,
      select: () => ({
        kind: 'whole',
        limit: 1e9,
        read: (content) => {
          sizes.push(content.bytes().length, content.read(size - 2, 10).length);
          return undefined;
        },
      }),
    };
    await analyze([[file('a', 'x'.repeat(size))]], { analyzers: [reader] });
    expect(sizes).toEqual([size, 2]);
  });

  it('that collect evidence are left out for packages only', async () => {
    const analysis = await analyze([[file('fact', 'x')]], {
      analyzers: [{ ...finder, kind: 'evidence' }],
      packagesOnly: true,
    });
    expect(facts(analysis)).toEqual([]);
    expect(analysis.files).toBeUndefined();
  });
});

it('stops promptly when aborted', async () => {
  const abort = new AbortController();
  abort.abort(new Error('enough'));
  await expect(analyze([[file('a')]], { signal: abort.signal })).rejects.toThrow('enough');
});
