export { readZipDirectory } from './directory.ts';
export { readZipEntry, zipEntrySource } from './entry.ts';
export { type ZipArchive, type ZipEntry, ZipError, type ZipFailure } from './types.ts';
