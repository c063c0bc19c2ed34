import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { ObjectStore } from '#platform/objects/types.ts';
import { RowKeys } from './row-keys.ts';

const compressLarge = promisify(gzip);
/** Up to here a page is compressed at once: what that needs is free again at once, and not when memory is next collected. */
const SMALL = 1024 * 1024;

async function compress(bytes: Buffer): Promise<Buffer> {
  return bytes.length <= SMALL ? gzipSync(bytes, { level: 1 }) : compressLarge(bytes, { level: 1 });
}

/** Rows of a page, unless they are large. */
export const PAGE_ROWS = 1_000;
/** Bytes at which a page ends before it has all its rows. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** Objects of a result. Rows are JSON, one a line, compressed page by page: the whole is one gzip file. */
export const PARTS = { rows: 'rows.ndjson.gz', pages: 'pages.json', manifest: 'manifest.json', keys: 'keys.bin' };

/** What was written. */
export interface WrittenRows {
  rows: number;
  pages: number;
  /** Bytes of the rows, not compressed. */
  bytes: number;
  /** Of the rows, not compressed. */
  digest: string;
  /** Why the rows ended early; what came before is written. */
  failure?: unknown;
}

export interface WriteOptions {
  objects: ObjectStore;
  prefix: string;
  rows: AsyncIterable<unknown>;
  maxRows: number;
  /** Rows that are left out. */
  known?: RowKeys | undefined;
  /** Write the keys of all rows, for a later run to compare with. */
  withKeys: boolean;
  onProgress(rows: number, pages: number): void;
}

/**
 * Writes rows as they come: memory holds one page. A source that fails ends the result where it failed; only a store
 * that fails is an error.
 */
export async function writeRows(options: WriteOptions): Promise<WrittenRows> {
  const { objects, prefix } = options;
  const written: WrittenRows = { rows: 0, pages: 0, bytes: 0, digest: '' };
  const digest = createHash('sha256');
  const starts: number[] = [0];
  const keys = options.withKeys ? new RowKeys() : undefined;

  async function* pages(): AsyncGenerator<Buffer> {
    for await (const { bytes, rows } of pagesOf(options, keys, written)) {
      digest.update(bytes);
      const packed = await compress(bytes);
      written.rows += rows;
      written.pages++;
      written.bytes += bytes.length;
      starts.push(starts.at(-1)! + packed.length);
      yield packed;
      options.onProgress(written.rows, written.pages);
    }
  }

  const body = Readable.from(pages(), { objectMode: true, highWaterMark: 1 });
  try {
    await objects.put(`${prefix}/${PARTS.rows}`, body);
  } finally {
    // A store that failed may leave it as it is: the source would stay open.
    body.destroy();
  }
  written.digest = `sha256:${digest.digest('hex')}`;
  await objects.put(`${prefix}/${PARTS.pages}`, Buffer.from(JSON.stringify(starts)));
  if (keys && written.failure === undefined) await objects.put(`${prefix}/${PARTS.keys}`, keys.bytes());
  return written;
}

async function* pagesOf(
  { rows, known, maxRows }: WriteOptions,
  keys: RowKeys | undefined,
  written: WrittenRows,
): AsyncGenerator<{ bytes: Buffer; rows: number }> {
  // Used again for each page: texts that lived as long as a page would fill memory with what is only collected late.
  let buffer = Buffer.allocUnsafeSlow(256 * 1024);
  let size = 0;
  let count = 0;
  let total = 0;
  const append = (line: string): void => {
    const most = size + line.length * 3 + 1;
    if (most > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(most * 2);
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
    }
    size += buffer.write(line, size);
    buffer[size++] = 10;
    count++;
  };
  const page = () => {
    const taken = { bytes: buffer.subarray(0, size), rows: count };
    size = 0;
    count = 0;
    return taken;
  };
  try {
    for await (const row of rows) {
      const line = JSON.stringify(row);
      if (keys || known) {
        const key = RowKeys.of(line);
        keys?.add(key);
        if (known?.has(key)) continue;
      }
      if (++total > maxRows) throw new TooManyRows(maxRows);
      append(line);
      if (count >= PAGE_ROWS || size >= PAGE_BYTES) yield page();
    }
  } catch (error) {
    written.failure = error;
  }
  if (count > 0) yield page();
}

/** A result has more rows than a result may have. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows';

  constructor(maxRows: number) {
    super(`the result has more than ${maxRows} rows: narrow the filter`);
  }
}
