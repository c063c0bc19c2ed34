import type { RpmPackage } from './package.ts';

/** What could be read of one rpm database. Plain data: survives a structured clone. */
export interface RpmDatabase {
  backend: 'sqlite' | 'bdb' | 'ndb';
  packages: RpmPackage[];
  /** Reasons why rows may be missing; empty when everything was read. */
  errors: string[];
  /** Where the rows of a SQLite database lie, so that a write-ahead log can be laid over it later. */
  layout?: RowLayout;
}

/** The b-tree of the table `Packages`, by page. */
export interface RowLayout {
  pageSize: number;
  usableSize: number;
  root: number;
  /** Children of interior pages. */
  interior: Map<number, number[]>;
  /** Rows of leaf pages. */
  leaves: Map<number, PlacedRow[]>;
}

/** A row and the pages that it takes. */
export interface PlacedRow {
  rowid: number;
  /** Bytes of the payload. */
  size: number;
  overflow: number[];
  /** Index into `packages`. */
  package: number;
}
