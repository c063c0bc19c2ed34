import { closeSync, openSync, readSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Analyzer } from '../analyzers/types.ts';
import { encodeRecord } from './layer-codec.ts';
import { LayerReader } from './layer-reader.ts';
import type { LayerRecord } from './layer-record.ts';
import { type FileRange, type FromWorker, passOptions, type ToWorker } from './layer-task.ts';

const READ_SIZE = 512 * 1024;
const PROGRESS_STEP = 8 * 1024 * 1024;

// Loading the analyzers is most of the cost of a thread; the cache of a process does not reach its threads.
enableCompileCache();
const port = parentPort!;
const { analyzersModule } = workerData as { analyzersModule: string };
const { analyzers } = (await import(analyzersModule)) as { analyzers: readonly Analyzer[] };

let reader: LayerReader | undefined;
let encode = false;

port.on('message', (message: ToWorker) => {
  try {
    receive(message);
  } catch (error) {
    reader = undefined;
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

function receive(message: ToWorker): void {
  if (message.type === 'begin') {
    reader = new LayerReader(passOptions(analyzers, message.settings));
    encode = message.encode;
    if (message.range === undefined) return;
    let record = readRange(message.range, reader);
    if (record === 'again') record = readRange(message.range, reader);
    if (record !== 'again') finish(record);
  } else if (message.type === 'chunk') {
    reader?.write(message.bytes);
    send({ type: 'taken', bytes: message.bytes.length });
  } else if (reader !== undefined) {
    const record = reader.end(message.incomplete);
    if (record === 'again') send({ type: 'again' });
    else finish(record);
  }
}

function readRange(range: FileRange, into: LayerReader): LayerRecord | 'again' {
  const fd = openSync(range.path, 'r');
  try {
    const buffer = new Uint8Array(READ_SIZE);
    let reported = 0;
    for (let at = 0; at < range.size; ) {
      const n = readSync(fd, buffer, 0, Math.min(READ_SIZE, range.size - at), range.offset + at);
      if (n === 0) return into.end('the archive ends before the layer does.');
      into.write(buffer.subarray(0, n));
      at += n;
      if (at - reported < PROGRESS_STEP && at < range.size) continue;
      send({ type: 'progress', bytes: at - reported });
      reported = at;
    }
    return into.end();
  } finally {
    closeSync(fd);
  }
}

function finish(record: LayerRecord): void {
  reader = undefined;
  const { entries } = record;
  const encoded = encode && record.complete ? encodeRecord(record) : undefined;
  const columns = [entries.paths, entries.pathEnds, entries.types, entries.modes, entries.uids, entries.gids];
  const buffers = [...columns, entries.sizes, entries.extras, entries.sha256, entries.md5].map(
    (column) => column.buffer,
  );
  port.postMessage(
    { type: 'done', record, ...(encoded ? { encoded } : {}) } satisfies FromWorker,
    buffers as ArrayBuffer[],
  );
}

function send(message: FromWorker): void {
  port.postMessage(message);
}
