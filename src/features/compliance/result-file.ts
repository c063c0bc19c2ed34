import { MEDIA_TYPES } from '#engine/compliance/index.ts';
import type { FileRow } from './store.ts';

/** The file of a check that holds its results: the one that is XML, the result file before the report. */
export function resultFile(files: readonly FileRow[]): FileRow | undefined {
  const readable = files.filter(({ media_type }) => media_type === MEDIA_TYPES.xml);
  return readable.find(({ name }) => name === 'result_file') ?? readable[0];
}
