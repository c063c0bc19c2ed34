import type { SqlitePages } from './pages.ts';
import { readVarint } from './record.ts';

const INTERIOR = 0x05;
const LEAF = 0x0d;

/** Deeper trees do not occur: 2^64 rows need fewer levels. */
const MAX_DEPTH = 30;

/** One row of a table, undecoded. */
export interface TableRow {
  rowid: number;
  payload: Uint8Array;
  /** Leaf page that holds the row, and the pages that its payload continues on. */
  leaf: number;
  overflow: number[];
}

/** Notes about pages that could not be read; the walk goes on beside them. */
export type PageErrors = { page: number; reason: string }[];

/** A cell of a leaf page: where its payload starts and goes on. */
export interface LeafCell {
  rowid: number;
  /** Bytes of the whole payload. */
  size: number;
  /** The part of the payload that lies in the page. */
  local: Uint8Array;
  /** First overflow page, 0 for none. */
  overflow: number;
}

/**
 * Walks the b-tree of a table (SQLite file format, §1.6) in key order. Each page is visited once, so that cycles end;
 * damaged pages and cells are listed in `errors` and left out.
 */
export function* walkTable(
  pages: SqlitePages,
  root: number,
  errors: PageErrors,
  visited = new Set<number>(),
): Generator<TableRow> {
  const stack: { page: number; depth: number }[] = [{ page: root, depth: 0 }];
  while (stack.length > 0) {
    const { page: number, depth } = stack.pop() as { page: number; depth: number };
    const page = visited.has(number) || depth > MAX_DEPTH ? undefined : pages.page(number);
    if (!page) {
      errors.push({ page: number, reason: visited.has(number) ? 'page occurs twice in the tree' : 'page is missing' });
      continue;
    }
    visited.add(number);
    const kind = page[number === 1 ? 100 : 0];
    if (kind === LEAF) yield* leafRows(pages, number, page, errors);
    else if (kind === INTERIOR) {
      for (const child of interiorChildren(number, page, errors).reverse())
        stack.push({ page: child, depth: depth + 1 });
    } else errors.push({ page: number, reason: `page is no table page (type ${kind})` });
  }
}

/** Rows of one leaf page with complete payloads. */
export function* leafRows(
  pages: SqlitePages,
  number: number,
  page: Uint8Array,
  errors: PageErrors,
): Generator<TableRow> {
  for (const cell of leafCells(number, page, pages.usableSize, errors)) {
    const chain = cell.overflow === 0 ? [] : overflowChain(pages, cell);
    if (!chain) {
      errors.push({ page: number, reason: `payload of row ${cell.rowid} is cut off` });
      continue;
    }
    yield { rowid: cell.rowid, payload: gather(pages, cell, chain), leaf: number, overflow: chain };
  }
}

/** Numbers of the children of an interior page, in key order. */
export function interiorChildren(number: number, page: Uint8Array, errors: PageErrors): number[] {
  const view = viewOf(page);
  const start = number === 1 ? 100 : 0;
  const children = cellPointers(view, start, 12).flatMap((pointer) => {
    if (pointer + 4 <= page.length) return [view.getUint32(pointer)];
    errors.push({ page: number, reason: 'cell lies outside of the page' });
    return [];
  });
  return [...children, view.getUint32(start + 8)];
}

/** Cells of a leaf page; cells that do not fit the page are listed in `errors`. */
export function leafCells(number: number, page: Uint8Array, usableSize: number, errors: PageErrors): LeafCell[] {
  const view = viewOf(page);
  const cells: LeafCell[] = [];
  for (const pointer of cellPointers(view, number === 1 ? 100 : 0, 8)) {
    try {
      cells.push(readCell(page, view, pointer, usableSize));
    } catch (error) {
      errors.push({ page: number, reason: (error as RangeError).message });
    }
  }
  return cells;
}

function readCell(page: Uint8Array, view: DataView, pointer: number, usableSize: number): LeafCell {
  const [size, afterSize] = readVarint(page, pointer);
  const [rowid, start] = readVarint(page, afterSize);
  if (size < 0) throw new RangeError('negative payload size');
  const local = localSize(size, usableSize);
  if (start + local + (local < size ? 4 : 0) > usableSize) throw new RangeError('cell lies outside of the page');
  return {
    rowid,
    size,
    local: page.subarray(start, start + local),
    overflow: local < size ? view.getUint32(start + local) : 0,
  };
}

/** Bytes of a payload that stay in the leaf page (file format, §1.6, "cell payload overflow"). */
function localSize(size: number, usable: number): number {
  const most = usable - 35;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fit = least + ((size - least) % (usable - 4));
  return fit <= most ? fit : least;
}

/** Overflow pages of a cell, or undefined when the chain is broken, circular or shorter than the payload. */
function overflowChain(pages: SqlitePages, cell: LeafCell): number[] | undefined {
  const count = Math.ceil((cell.size - cell.local.length) / (pages.usableSize - 4));
  if (count > pages.pageCount) return undefined;
  const chain: number[] = [];
  let next = cell.overflow;
  while (chain.length < count) {
    const page = next === 0 ? undefined : pages.page(next);
    if (!page) return undefined;
    chain.push(next);
    next = viewOf(page).getUint32(0);
  }
  return next === 0 && new Set(chain).size === chain.length ? chain : undefined;
}

function gather(pages: SqlitePages, cell: LeafCell, chain: number[]): Uint8Array {
  if (chain.length === 0) return cell.local;
  const payload = new Uint8Array(cell.size);
  payload.set(cell.local);
  let at = cell.local.length;
  for (const number of chain) {
    const page = pages.page(number) as Uint8Array;
    const part = page.subarray(4, Math.min(pages.usableSize, 4 + cell.size - at));
    payload.set(part, at);
    at += part.length;
  }
  return payload;
}

function cellPointers(view: DataView, start: number, headerSize: number): number[] {
  const count = Math.min(view.getUint16(start + 3), Math.floor((view.byteLength - start - headerSize) / 2));
  return Array.from({ length: count }, (_, i) => view.getUint16(start + headerSize + 2 * i));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
