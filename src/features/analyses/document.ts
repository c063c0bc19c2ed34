import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Analysis, FileRecord } from '#engine/model/analysis.ts';
import type { ObjectStore } from '#platform/objects/types.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Object keys of a stored analysis. */
export interface AnalysisKeys {
  document_key: string;
  /** Null when files were not collected. */
  files_key: string | null;
}

async function putJson(objects: ObjectStore, prefix: string, value: unknown): Promise<string> {
  const json = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(json).digest('hex');
  const key = `${prefix}/${digest.slice(0, 2)}/${digest}.json.zst`;
  // Content-addressed: the same bytes are already there, durable.
  if ((await objects.head(key)) === undefined) {
    await objects.put(key, await compress(json, { params: { [constants.ZSTD_c_compressionLevel]: 6 } }));
  }
  return key;
}

async function getJson<T>(objects: ObjectStore, key: string): Promise<T> {
  const bytes = await objects.get(key);
  if (bytes === undefined) throw new Error(`object ${key} is missing from the object store`);
  return JSON.parse((await decompress(bytes)).toString('utf8')) as T;
}

/** Stores an analysis as two content-addressed documents: everything but the file list, and the file list. */
export async function putAnalysis(objects: ObjectStore, analysis: Analysis): Promise<AnalysisKeys> {
  const { files, ...document } = analysis;
  return {
    document_key: await putJson(objects, 'analyses', document),
    files_key: files ? await putJson(objects, 'files', files) : null,
  };
}

/** Reads the document without its file list. Throws when the object is gone. */
export function getAnalysisDocument(objects: ObjectStore, keys: AnalysisKeys): Promise<Analysis> {
  return getJson(objects, keys.document_key);
}

/** Reads the file list; undefined when files were not collected. */
export async function getAnalysisFiles(objects: ObjectStore, keys: AnalysisKeys): Promise<FileRecord[] | undefined> {
  return keys.files_key ? getJson(objects, keys.files_key) : undefined;
}
