import { isSqlite } from '../../formats/sqlite/index.ts';
import type { FileHead, FileReader } from '../../image/types.ts';
import type { Analyzer } from '../types.ts';
import { collectNix } from './collect.ts';
import { type NixDatabase, readNixDatabase } from './database.ts';

/** Facts of this analyzer. */
export type NixFact = NixDatabase;

const DATABASE: FileReader<NixFact> = { kind: 'whole', limit: 2 * 2 ** 30, read: readNixDatabase };

function select(file: FileHead): FileReader<NixFact> | undefined {
  return file.path.endsWith('/nix/db/db.sqlite') && isSqlite(file.head) ? DATABASE : undefined;
}

/** Packages in the store of Nix. */
export const nixAnalyzer: Analyzer<NixFact> = {
  name: 'nix',
  version: 1,
  kind: 'packages',
  select,
  collect: collectNix,
};
