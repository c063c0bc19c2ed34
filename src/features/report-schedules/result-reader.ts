import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import type { ReportManifest } from '#contract/windlass-report-schedules.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { type Column, csvLine, tableLines } from '#shared/report-table.ts';
import { PARTS } from './result-writer.ts';

const decompress = promisify(gunzip);

/** Forms in which the rows of a result are given. */
export type ResultFormat = 'ndjson' | 'csv' | 'json';

export const CONTENT_TYPES: Record<ResultFormat, string> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
};

/** Rows of a page as JSON texts; undefined when there is no such page. Pages are counted from 1. */
export async function readPage(objects: ObjectStore, prefix: string, page: number): Promise<string[] | undefined> {
  const index = await objects.get(`${prefix}/${PARTS.pages}`);
  const starts = index ? (JSON.parse(index.toString('utf8')) as number[]) : [];
  const [start, end] = [starts[page - 1], starts[page]];
  if (page < 1 || start === undefined || end === undefined) return undefined;
  const stream = await objects.open(`${prefix}/${PARTS.rows}`, { start, end: end - 1 });
  if (!stream) return undefined;
  const bytes = await decompress(Buffer.concat(await stream.toArray()));
  return bytes.toString('utf8').split('\n').slice(0, -1);
}

/** All rows in a form; memory holds what passes. Undefined when there are none any more. */
export async function readRows(
  objects: ObjectStore,
  prefix: string,
  format: ResultFormat,
  { manifest, columns }: { manifest: ReportManifest; columns: readonly Column[] },
): Promise<AsyncIterable<Buffer> | undefined> {
  const stored = await objects.open(`${prefix}/${PARTS.rows}`);
  if (!stored) return undefined;
  // A result without rows is an empty object, which is no gzip file.
  if (manifest.page_count === 0) {
    stored.destroy();
    return render(none(), format, manifest, columns);
  }
  const plain = stored.pipe(createGunzip());
  stored.on('error', (error) => plain.destroy(error));
  plain.on('close', () => stored.destroy());
  return format === 'ndjson' ? plain : render(plain, format, manifest, columns);
}

async function* none(): AsyncGenerator<Buffer> {}

async function* render(
  bytes: AsyncIterable<Buffer>,
  format: ResultFormat,
  manifest: ReportManifest,
  columns: readonly Column[],
): AsyncGenerator<Buffer> {
  if (format === 'csv') {
    yield Buffer.from(csvLine(columns.map(({ heading }) => heading)));
    const lines = tableLines(columns);
    for await (const rows of batches(bytes))
      yield Buffer.from(rows.flatMap((row) => lines(JSON.parse(row)).map(csvLine)).join(''));
  } else if (format === 'json') {
    yield Buffer.from(`{"manifest":${JSON.stringify(manifest)},"results":[`);
    let first = true;
    for await (const rows of batches(bytes)) {
      yield Buffer.from(`${first ? '\n' : ',\n'}${rows.join(',\n')}`);
      first = false;
    }
    yield Buffer.from(']}\n');
  } else yield* bytes;
}

/** Whole lines, as many as came together. */
async function* batches(bytes: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let parts: Buffer[] = [];
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(10);
    if (end < 0) {
      parts.push(chunk);
      continue;
    }
    const text = Buffer.concat([...parts, chunk.subarray(0, end)]).toString('utf8');
    parts = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield text.split('\n');
  }
  if (parts.length > 0) yield [Buffer.concat(parts).toString('utf8')];
}
