import type { FileContent } from '../../image/types.ts';
import { isSqlite } from '../sqlite/index.ts';
import { bdbByteOrder, readBdbDatabase } from './bdb.ts';
import { isNdb, readNdbDatabase } from './ndb.ts';
import { readSqliteDatabase } from './sqlite.ts';
import type { RpmDatabase } from './types.ts';

export { parseRpmPackage, type RpmFile, type RpmPackage } from './package.ts';
export type { RpmDatabase } from './types.ts';
export { applyWal, isWal, readWal, type WalPages } from './wal.ts';

/** Tells the storage format of an rpm database from its first bytes; undefined when it is none. */
export function rpmBackend(head: Uint8Array): RpmDatabase['backend'] | undefined {
  if (isSqlite(head)) return 'sqlite';
  if (isNdb(head)) return 'ndb';
  return bdbByteOrder(head) ? 'bdb' : undefined;
}

/** Reads all packages of an rpm database in any of its three formats. Never throws: damage is listed in `errors`. */
export function readRpmDatabase(content: FileContent): RpmDatabase {
  switch (rpmBackend(content.read(0, 64))) {
    case 'bdb':
      return readBdbDatabase(content);
    case 'ndb':
      return readNdbDatabase(content);
    default:
      return readSqliteDatabase(content);
  }
}
