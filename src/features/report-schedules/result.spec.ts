import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import { openFilesystemStore } from '#platform/objects/filesystem.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { columnsOfRows, csvLine, tableLines } from '#shared/report-table.ts';
import { selectedColumns } from './columns.ts';
import { readPage, readRows } from './result-reader.ts';
import { PARTS, TooManyRows, writeRows } from './result-writer.ts';
import { RowKeys } from './row-keys.ts';

let folder: string;
let objects: ObjectStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-results-'));
  objects = await openFilesystemStore(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* rows(count: number, fail?: Error): AsyncGenerator<{ n: number }> {
  for (let n = 0; n < count; n++) yield { n };
  if (fail) throw fail;
}

function write(prefix: string, source: AsyncIterable<unknown>, options: { maxRows?: number; known?: RowKeys } = {}) {
  return writeRows({
    objects,
    prefix,
    rows: source,
    maxRows: 1_000_000,
    withKeys: true,
    onProgress: () => undefined,
    ...options,
  });
}

async function text(prefix: string, format: 'ndjson' | 'csv' | 'json', pages: number): Promise<string> {
  const manifest = { page_count: pages } as ReportManifest;
  const parts: Buffer[] = [];
  const bytes = await readRows(objects, prefix, format, { manifest, columns: [{ path: 'n', heading: 'N' }] });
  for await (const part of bytes ?? []) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('a result', () => {
  it.each([0, 1, 999, 1_000, 1_001, 2_500])('of %i rows is read by page and as a whole', async (count) => {
    const written = await write(`r/${count}`, rows(count));
    const pages = Math.ceil(count / 1_000);
    expect(written).toMatchObject({ rows: count, pages });
    const read: unknown[] = [];
    for (let page = 1; page <= pages; page++)
      read.push(...(await readPage(objects, `r/${count}`, page))!.map((row) => JSON.parse(row)));
    expect(read).toEqual(Array.from({ length: count }, (_, n) => ({ n })));
    expect(await readPage(objects, `r/${count}`, pages + 1)).toBeUndefined();
    expect(await readPage(objects, `r/${count}`, 0)).toBeUndefined();
    const plain = await text(`r/${count}`, 'ndjson', pages);
    expect(plain.length).toBe(written.bytes);
    expect(plain).toBe(read.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect(JSON.parse(await text(`r/${count}`, 'json', pages)).results).toEqual(read);
    expect((await text(`r/${count}`, 'csv', pages)).split('\r\n')).toHaveLength(count + 2);
  });

  it('of large rows has pages of bounded size', async () => {
    async function* large() {
      for (let n = 0; n < 5; n++) yield { n, text: 'x'.repeat(5_000_000) };
    }
    expect(await write('large', large())).toMatchObject({ rows: 5, pages: 3 });
    expect(await readPage(objects, 'large', 2)).toHaveLength(2);
  });

  it('keeps what came before a failure, and no keys to compare with', async () => {
    const written = await write('partial', rows(1_500, new Error('gone')));
    expect(written).toMatchObject({ rows: 1_500, pages: 2, failure: new Error('gone') });
    expect(await readPage(objects, 'partial', 2)).toHaveLength(500);
    expect(await objects.head(`partial/${PARTS.keys}`)).toBeUndefined();
    const many = await write('many', rows(50), { maxRows: 10 });
    expect(many.failure).toBeInstanceOf(TooManyRows);
    expect(many.rows).toBe(10);
  });

  it('of a store that fails is an error', async () => {
    const broken = { ...objects, put: () => Promise.reject(new Error('no space')) } as ObjectStore;
    const writing = writeRows({
      objects: broken,
      prefix: 'x',
      rows: rows(1),
      maxRows: 1,
      withKeys: false,
      onProgress: () => undefined,
    });
    await expect(writing).rejects.toThrow('no space');
  });

  it('leaves out rows of the run before', async () => {
    await write('before', rows(1_200));
    const known = RowKeys.read((await objects.get(`before/${PARTS.keys}`))!);
    const written = await write('after', rows(1_203), { known });
    expect(written).toMatchObject({ rows: 3, pages: 1 });
    // The next one is compared with all rows, not with the new ones alone.
    const again = RowKeys.read((await objects.get(`after/${PARTS.keys}`))!);
    expect(await write('last', rows(1_203), { known: again })).toMatchObject({ rows: 0 });
  });
});

describe('row keys', () => {
  it('know what was added, and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.array(fc.string()), (added, asked) => {
        const keys = new RowKeys();
        for (const row of added) keys.add(RowKeys.of(row));
        const read = RowKeys.read(keys.bytes());
        for (const row of added) expect(read.has(RowKeys.of(row))).toBe(true);
        for (const row of asked) expect(read.has(RowKeys.of(row))).toBe(added.includes(row));
      }),
    );
  });
});

describe('columns', () => {
  it('are what a query selects in results, those of fragments among them', () => {
    const columns = selectedColumns(`
      query Q { report: imagesByVulnerability { pageInfo { count } results { id: vulnerabilityId ...Rest images { ... on VulnerableImage { digest } tags { tagName } } } } }
      fragment Rest on ImagesByVulnerability { links imagesCount }`);
    expect(columns.map(({ path }) => path)).toEqual([
      'id',
      'links',
      'imagesCount',
      'images.digest',
      'images.tags.tagName',
    ]);
  });

  it('become a line for each element of the first list, with the others beside', () => {
    const paths = ['id', 'images.digest', 'images.tags.tag', 'images.artifacts.name', 'links'];
    const lines = tableLines(paths.map((path) => ({ path, heading: path })));
    const row = {
      id: 'CVE-1',
      links: ['a', 'b'],
      images: [
        { digest: 'd1', tags: [{ tag: '1' }, { tag: '2' }], artifacts: [{ name: 'x' }, { name: 'y' }] },
        { digest: 'd2', tags: [], artifacts: null },
      ],
    };
    expect(lines(row)).toEqual([
      ['CVE-1', 'd1', '1', 'x; y', ['a', 'b']],
      ['CVE-1', 'd1', '2', 'x; y', ['a', 'b']],
      ['CVE-1', 'd2', null, null, ['a', 'b']],
    ]);
    expect(lines({ id: 'CVE-2', images: [] })).toEqual([['CVE-2', null, null, null, null]]);
  });

  it('are found in rows', () => {
    const rows = [
      { id: '1', images: [] },
      { id: '2', links: ['a'], images: [{ digest: 'd', tags: [{ tag: 't' }] }] },
    ];
    expect(columnsOfRows(rows).map(({ path }) => path)).toEqual(['id', 'links', 'images.digest', 'images.tags.tag']);
  });

  it('of twin lists do not multiply', () => {
    const lines = tableLines(['a.x', 'b.y', 'c.z'].map((path) => ({ path, heading: path })));
    const list = (key: string) => Array.from({ length: 100 }, (_, n) => ({ [key]: n }));
    expect(lines({ a: list('x'), b: list('y'), c: list('z') })).toHaveLength(100);
  });
});

describe('a line of CSV', () => {
  it.each([
    [['a', 1, true, null, undefined], 'a,1,true,,'],
    [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"'],
    [['=cmd|x', '+1', '-1', '@x', '\tx'], "'=cmd|x,'+1,'-1,'@x,'\tx"],
    [[-1, 1.5], '-1,1.5'],
    [[['a', 'b'], { a: 1 }], 'a b,"{""a"":1}"'],
  ])('%j', (cells, expected) => {
    expect(csvLine(cells)).toBe(`${expected}\r\n`);
  });
});
