import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTar, paxEntry, type TarSource } from './tar-builder.ts';
import { TarWalker } from './walker.ts';

interface Seen {
  name: string;
  type: string;
  size: number;
  link: string;
  content: string;
  complete: boolean;
}

function walk(
  bytes: Uint8Array,
  cut: (at: number) => number = () => bytes.length,
): { entries: Seen[]; problems: string[]; sawEnd: boolean } {
  const entries: Seen[] = [];
  const problems: string[] = [];
  const walker = new TarWalker({
    entry({ name, type, size, link }) {
      entries.push({
        name: Buffer.from(name).toString(),
        type,
        size,
        link: Buffer.from(link).toString(),
        content: '',
        complete: false,
      });
      return true;
    },
    data(chunk) {
      entries.at(-1)!.content += Buffer.from(chunk).toString('latin1');
    },
    entryEnd(complete) {
      entries.at(-1)!.complete = complete;
    },
    problem: ({ code }) => problems.push(code),
  });
  for (let at = 0; at < bytes.length; ) {
    const n = Math.max(1, cut(at));
    walker.write(bytes.subarray(at, at + n));
    at += n;
  }
  walker.end();
  return { entries, problems, sawEnd: walker.sawEnd };
}

const long = `${'d'.repeat(120)}/${'f'.repeat(90)}`;
const gnuSparse: TarSource = {
  name: 'sparse',
  flag: 'S',
  content: 'abcdef',
  edit(block) {
    const text = (value: number, at: number): number =>
      Buffer.from(block.buffer, block.byteOffset).write(value.toString(8).padStart(11, '0'), at, 'latin1');
    block.fill(0, 345, 512);
    text(4, 386);
    text(3, 398);
    text(10, 410);
    text(3, 422);
    text(16, 483);
  },
};
const sparseContent = `${'\0'.repeat(4)}abc${'\0'.repeat(3)}def${'\0'.repeat(3)}`;
const base256: TarSource = {
  name: 'large',
  content: 'xy',
  edit(block) {
    block.fill(0, 124, 136);
    block[124] = 0x80;
    block[135] = 2;
  },
};

const cases: [string, TarSource[], Partial<Seen>[]][] = [
  ['a plain file', [{ name: 'a', content: 'hello' }], [{ name: 'a', type: 'file', size: 5, content: 'hello' }]],
  ['an old file flag', [{ name: 'a', flag: '\0', content: 'x' }], [{ type: 'file', content: 'x' }]],
  ['a v7 directory', [{ name: 'a/', flag: '\0' }], [{ type: 'directory' }]],
  ['an unknown flag as a file', [{ name: 'a', flag: 'Z', content: 'x' }], [{ type: 'file', content: 'x' }]],
  ['a volume label as nothing', [{ name: 'v', flag: 'V' }, { name: 'a' }], [{ name: 'a' }]],
  ['a ustar prefix', [{ name: 'b', prefix: 'long/way' }], [{ name: 'long/way/b' }]],
  [
    'links',
    [
      { name: 's', flag: '2', link: '/t' },
      { name: 'h', flag: '1', link: 's', size: 99 },
    ],
    [
      { type: 'symlink', link: '/t' },
      { type: 'hardlink', link: 's', size: 0 },
    ],
  ],
  [
    'devices and fifos',
    [
      { name: 'c', flag: '3' },
      { name: 'b', flag: '4' },
      { name: 'p', flag: '6' },
    ],
    [{ type: 'character-device' }, { type: 'block-device' }, { type: 'fifo' }],
  ],
  [
    'GNU long names',
    [
      { name: 'L', flag: 'L', content: `${long}\0` },
      { name: 'K', flag: 'K', content: `${long}2\0` },
      { name: 'x', flag: '2' },
    ],
    [{ name: long, link: `${long}2` }],
  ],
  [
    'PAX names and sizes',
    [
      paxEntry([
        ['path', long],
        ['size', '3'],
        ['linkpath', 'l'],
      ]),
      { name: 'x', content: 'abc', size: 0 },
    ],
    [{ name: long, size: 3, content: 'abc' }],
  ],
  [
    'a global header',
    [paxEntry([['path', 'global']], 'g'), { name: 'x' }, { name: 'y' }],
    [{ name: 'global' }, { name: 'global' }],
  ],
  [
    'a local header over a global one',
    [paxEntry([['path', 'g']], 'g'), paxEntry([['path', 'l']]), { name: 'x' }, { name: 'y' }],
    [{ name: 'l' }, { name: 'g' }],
  ],
  ['base-256 numbers', [base256], [{ size: 2, content: 'xy' }]],
  ['old GNU sparse files', [gnuSparse, { name: 'next' }], [{ size: 16, content: sparseContent }, { name: 'next' }]],
  [
    'PAX sparse 0.0',
    [
      paxEntry([
        ['GNU.sparse.size', '16'],
        ['GNU.sparse.offset', '4'],
        ['GNU.sparse.numbytes', '3'],
        ['GNU.sparse.offset', '10'],
        ['GNU.sparse.numbytes', '3'],
      ]),
      { name: 's', content: 'abcdef' },
    ],
    [{ size: 16, content: sparseContent }],
  ],
  [
    'PAX sparse 0.1',
    [
      paxEntry([
        ['GNU.sparse.size', '16'],
        ['GNU.sparse.name', 'real'],
        ['GNU.sparse.map', '4,3,10,3'],
      ]),
      { name: 's', content: 'abcdef' },
    ],
    [{ name: 'real', size: 16, content: sparseContent }],
  ],
  [
    'PAX sparse 1.0',
    [
      paxEntry([
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.minor', '0'],
        ['GNU.sparse.realsize', '16'],
      ]),
      { name: 's', content: `${'2\n4\n3\n10\n3\n'.padEnd(512, '\0')}abcdef` },
      { name: 'next' },
    ],
    [{ size: 16, content: sparseContent }, { name: 'next' }],
  ],
];

describe('TarWalker', () => {
  it.each(cases)('reads %s', (_, sources, expected) => {
    const bytes = buildTar(sources);
    const whole = walk(bytes);
    expect(whole.problems).toEqual([]);
    expect(whole.sawEnd).toBe(true);
    expect(whole.entries).toHaveLength(expected.length);
    for (const [i, entry] of expected.entries()) expect(whole.entries[i]).toMatchObject(entry);
    expect(walk(bytes, () => 1)).toEqual(whole);
  });

  it('reads the same however the stream is cut', () => {
    const bytes = buildTar(cases.flatMap(([, sources]) => sources));
    const whole = walk(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1 }), (sizes) => {
        let i = 0;
        expect(walk(bytes, () => sizes[i++ % sizes.length]!)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['no bytes at all', new Uint8Array(0), []],
    ['end blocks only', new Uint8Array(1024), []],
    ['missing end blocks', buildTar([{ name: 'a', content: 'x' }], 0), []],
    ['one end block', buildTar([{ name: 'a' }], 1), []],
    ['garbage after the end', Buffer.concat([buildTar([{ name: 'a' }]), Buffer.from('garbage')]), []],
    ['a cut header', buildTar([{ name: 'a' }], 0).subarray(0, 300), ['tar-truncated']],
    ['cut content', buildTar([{ name: 'a', content: 'x'.repeat(900) }], 0).subarray(0, 1000), ['tar-truncated']],
    ['a wrong checksum', buildTar([{ name: 'a' }]).map((byte, i) => (i === 1 ? 0x62 : byte)), ['tar-corrupt']],
    ['a negative size', buildTar([{ name: 'a', edit: (block) => block.fill(0xff, 124, 136) }]), ['tar-corrupt']],
    [
      'a malformed extended header',
      buildTar([{ name: 'x', flag: 'x', content: '9 path=a' }, { name: 'a' }]),
      ['tar-corrupt'],
    ],
    [
      'an impossible sparse map',
      buildTar([
        paxEntry([
          ['GNU.sparse.size', '9'],
          ['GNU.sparse.map', '4,3,2,3'],
        ]),
        { name: 's', content: 'abcdef' },
      ]),
      ['tar-sparse-invalid'],
    ],
  ])('survives %s', (_, bytes, problems) => {
    expect(walk(bytes).problems).toEqual(problems);
    expect(walk(bytes, () => 7).problems).toEqual(problems);
  });

  it('never throws on random bytes', () => {
    const sound = buildTar(cases.flatMap(([, sources]) => sources));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sound.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = sound.slice();
        bytes[at] = value;
        expect(() => walk(bytes)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});
