import type { ReactNode } from 'react';

/** What a cell holds, for sorting, searching and export. */
export type CellValue = string | number | boolean | undefined;

/** One column of a data table. */
export interface Column<Row> {
  id: string;
  /** Header, also in the CSV. */
  title: string;
  value: (row: Row) => CellValue;
  /** How the cell looks; default: the value as text. */
  cell?: (row: Row) => ReactNode;
  /** Sorts by this instead of the value, e.g. the rank of a severity. Ascending puts small ones first. */
  order?: (row: Row) => CellValue;
  /** The first click on the header sorts descending. */
  descendingFirst?: boolean;
  /** Pixels; columns without a width share what is left. */
  width?: number;
  /** Least width in pixels of a column without one. */
  least?: number;
  align?: 'left' | 'right' | 'center';
  mono?: boolean;
  /** Text runs over several lines instead of being cut. */
  wrap?: boolean;
  /** Left out when the page is narrower, in pixels. */
  from?: number;
  sortable?: boolean;
  /** Whether the search looks here; default: yes when the value is a text. */
  searchable?: boolean;
}

/** Which column orders the rows. */
export interface Sort {
  id: string;
  descending: boolean;
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Ascending order of two cell values: numbers by size, words with their numbers by size, absent ones last. */
export function compareCells(a: CellValue, b: CellValue): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return words.compare(a, b);
  return Number(a) - Number(b);
}
