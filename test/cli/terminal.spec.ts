import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/programs/cli/terminal/csv.ts';
import { jsonPieces } from '../../src/programs/cli/terminal/json.ts';
import { formatBytes, parseDuration } from '../../src/programs/cli/terminal/size.ts';
import { printable, type Style, styleFor } from '../../src/programs/cli/terminal/style.ts';
import { type Column, drawTable } from '../../src/programs/cli/terminal/table.ts';
import { textWidth, truncate, wrap } from '../../src/programs/cli/terminal/width.ts';
import { memoryContext } from './memory-context.ts';

const plain: Style = (_format, text) => text;
type Row = [string, number | undefined];
const columns: Column<Row>[] = [
  { title: 'name', value: ([name]) => name },
  { title: 'count', value: ([, count]) => count, align: 'right', keep: true },
];

describe('drawTable', () => {
  it('aligns columns', () => {
    expect(
      drawTable(
        [
          ['a', 1],
          ['long name', 1234],
          ['x', undefined],
        ],
        columns,
        { style: plain },
      ),
    ).toBe('NAME       COUNT\na              1\nlong name   1234\nx\n');
  });
  it('cuts the widest column to fit', () => {
    const lines = drawTable([['a very long name indeed', 12]], columns, { style: plain, width: 20 }).split('\n');
    expect(lines[1]).toBe('a very long …     12');
  });
  it('minds wide and combining characters', () => {
    expect(
      drawTable(
        [
          ['日本', 1],
          ['e\u0301', 2],
        ],
        columns,
        { style: plain },
      ),
    ).toBe('NAME  COUNT\n日本      1\ne\u0301         2\n');
  });
  it('shows what would move the cursor', () => {
    expect(drawTable([['a\u001b[2Jb\n\u202ec', 1]], columns, { style: plain })).toContain(
      'a\\u{1b}[2Jb\\u{a}\\u{202e}c',
    );
  });
});

describe('colours', () => {
  const styled = (terminal: number | undefined, env: NodeJS.ProcessEnv) => {
    const { context } = memoryContext(terminal === undefined ? {} : { terminal });
    return styleFor(context.stdout, env)('red', 'x') !== 'x';
  };
  it.each([
    [80, {}, true],
    [80, { NO_COLOR: '1' }, false],
    [80, { TERM: 'dumb' }, false],
    [undefined, {}, false],
    [undefined, { FORCE_COLOR: '1' }, true],
    [80, { FORCE_COLOR: '0', NO_COLOR: '1' }, false],
  ])('terminal %s, %j: %s', (terminal, env, expected) => expect(styled(terminal, env)).toBe(expected));
});

describe('text', () => {
  it('never gets wider than asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => textWidth(truncate(printable(text), width)) <= width,
      ),
    );
  });
  it('wraps at spaces', () => expect(wrap('one two three', 8)).toEqual(['one two', 'three']));
  it.each([
    ['90', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['250ms', 250],
    ['soon', undefined],
    ['-1s', undefined],
  ])('reads the time %s', (text, expected) => expect(parseDuration(text)).toBe(expected));
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [123_456, '123 kB'],
    [5_500_000_000, '5.5 GB'],
  ])('writes %d bytes', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));
});

describe('csv', () => {
  it('quotes as RFC 4180 says', () => {
    expect(
      toCsv<Row>(
        [
          ['a,b', 1],
          ['say "x"\n', undefined],
        ],
        columns,
      ),
    ).toBe('name,count\n"a,b",1\n"say ""x""\n",\n');
  });
});

describe('json in pieces', () => {
  it('is the same document', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('line' as const, 'indented' as const), (value, style) => {
        const text = [...jsonPieces(value, style)].join('');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        if (style === 'indented') expect(text).toBe(`${JSON.stringify(value, null, 2)}\n`);
      }),
    );
  });
  it('leaves out what is undefined', () =>
    expect([...jsonPieces({ a: undefined, b: [] })].join('')).toBe('{\n  "b": []\n}\n'));
});
