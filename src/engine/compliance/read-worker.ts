import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createZstdDecompress } from 'node:zlib';
import { checkHdf } from './hdf/check-hdf.ts';
import { hdfOfReport } from './hdf/from-report.ts';
import { readComplianceReport } from './read-report.ts';
import type { ReadAnswer, ReadTask } from './read-task.ts';
import { ComplianceReadError } from './types.ts';

/** Thread that reads one file and ends: a file that keeps it busy or eats its memory harms nobody else. */
const task = workerData as ReadTask;

function bytes(): AsyncIterable<Uint8Array> {
  const file = createReadStream(task.path, { highWaterMark: 256 * 1024 });
  if (!task.compressed) return file;
  const plain = createZstdDecompress();
  file.on('error', (error) => plain.destroy(error));
  return file.pipe(plain);
}

async function text(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes()) {
    size += chunk.length;
    if (size > task.limits.bytes)
      throw new ComplianceReadError('too-large', `The file has more than ${task.limits.bytes} bytes.`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ComplianceReadError('bad-encoding', 'The file is not valid UTF-8.');
  }
}

async function run(): Promise<ReadAnswer> {
  try {
    if (task.kind === 'check-hdf') return { type: 'done', result: checkHdf(await text()) };
    const report = await readComplianceReport(bytes(), task.limits);
    return { type: 'done', result: task.kind === 'report' ? report : JSON.stringify(hdfOfReport(report)) };
  } catch (error) {
    if (error instanceof ComplianceReadError) return { type: 'refused', code: error.code, message: error.message };
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(await run());
