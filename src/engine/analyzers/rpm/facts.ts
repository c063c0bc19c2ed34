import {
  isWal,
  type RpmDatabase,
  type RpmPackage,
  readRpmDatabase,
  readWal,
  rpmBackend,
  type WalPages,
} from '../../formats/rpmdb/index.ts';
import type { FileContent, FileHead, FileReader } from '../../image/types.ts';
import { parseManifest } from './manifest.ts';

/** What one file of an rpm database says. */
export type RpmFact =
  | { kind: 'database'; database: RpmDatabase }
  /** Write-ahead log of the SQLite form, joined with its database after squashing. */
  | { kind: 'wal'; wal: WalPages }
  | { kind: 'manifest'; packages: RpmPackage[] };

const DATABASE_LIMIT = 1024 * 1024 * 1024;
const WAL_LIMIT = 256 * 1024 * 1024;
const MANIFEST_LIMIT = 64 * 1024 * 1024;

/** Picks the reader for database files, by name and magic bytes. */
export function selectRpmFile(file: FileHead): FileReader<RpmFact> | undefined {
  const { path } = file;
  const last = path.charCodeAt(path.length - 1);
  // Names end with `Packages`, `.db`, `.sqlite`, `-wal` or `-2`: most files are out after one character.
  if (last !== 115 && last !== 98 && last !== 101 && last !== 108 && last !== 50) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'Packages' || name === 'Packages.db') return rpmBackend(file.head) ? databaseReader : undefined;
  if (name === 'rpmdb.sqlite') return file.size > 0 ? databaseReader : undefined;
  if (name === 'rpmdb.sqlite-wal') return isWal(file.head) ? walReader : undefined;
  return path.endsWith('/rpmmanifest/container-manifest-2') ? manifestReader : undefined;
}

const databaseReader: FileReader<RpmFact> = {
  kind: 'whole',
  limit: DATABASE_LIMIT,
  read: (content: FileContent) => ({ kind: 'database', database: readRpmDatabase(content) }),
};

const walReader: FileReader<RpmFact> = {
  kind: 'whole',
  limit: WAL_LIMIT,
  read: (content: FileContent) => {
    const wal = readWal(content.bytes());
    return wal && { kind: 'wal', wal };
  },
};

const manifestReader: FileReader<RpmFact> = {
  kind: 'whole',
  limit: MANIFEST_LIMIT,
  read: (content: FileContent) => ({
    kind: 'manifest',
    packages: parseManifest(new TextDecoder().decode(content.bytes())),
  }),
};
