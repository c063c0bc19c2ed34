import { asBuffer } from '../../formats/byte-source.ts';
import type { FileHead, FileReader } from '../../image/types.ts';
import type { Analyzer } from '../types.ts';
import { type ArchiveFact, readArchive } from './archive.ts';
import { collectJava } from './collect.ts';
import { isArchiveName } from './file-name.ts';

const ARCHIVE: FileReader<ArchiveFact> = { kind: 'whole', limit: 4 * 2 ** 30, read: (content) => readArchive(content) };

const LOCAL_HEADER = 0x04034b50;

/** True for a ZIP file whose first entry is of META-INF, as every jar tool writes them. */
function startsLikeJar(head: Uint8Array): boolean {
  if (head.length < 39 || head[0] !== 0x50 || head[1] !== 0x4b) return false;
  const bytes = asBuffer(head);
  return bytes.readUInt32LE(0) === LOCAL_HEADER && bytes.toString('latin1', 30, 39) === 'META-INF/';
}

function select(file: FileHead): FileReader<ArchiveFact> | undefined {
  if (isArchiveName(file.path)) {
    // Other formats share some of these extensions: only jar, war and ear are taken without a ZIP signature, since
    // executable ones start with a shell script.
    const isZip = file.head[0] === 0x50 && file.head[1] === 0x4b;
    return isZip || (file.size > 0 && /\.(jar|war|ear)$/i.test(file.path)) ? ARCHIVE : undefined;
  }
  return startsLikeJar(file.head) ? ARCHIVE : undefined;
}

/** Java archives, archives inside them, and Jenkins plug-ins. */
export const javaAnalyzer: Analyzer<ArchiveFact> = {
  name: 'java',
  version: 2,
  kind: 'packages',
  select,
  collect: collectJava,
};
