/** Committed page images of a write-ahead log. Plain data: survives a structured clone. */
export interface WalPages {
  pageSize: number;
  /** Size of the database after the last commit, in pages. */
  pageCount: number;
  /** Latest committed image of each page. */
  pages: Map<number, Uint8Array>;
}

const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;

/** True when the bytes start like a write-ahead log. */
export function isWal(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = viewOf(head).getUint32(0);
  return magic === MAGIC || magic === MAGIC + 1;
}

/**
 * Reads a write-ahead log (SQLite file format, §4): frames count as long as salts and the running checksum hold, and only
 * up to the last commit, as SQLite's own recovery does. Undefined when nothing was committed.
 */
export function readWal(bytes: Uint8Array): WalPages | undefined {
  if (bytes.length < HEADER || !isWal(bytes)) return undefined;
  const view = viewOf(bytes);
  const little = view.getUint32(0) === MAGIC;
  const pageSize = view.getUint32(8);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined;
  let sum = checksum(view, 0, 24, [0, 0], little);
  if (sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) return undefined;
  const committed: WalPages = { pageSize, pageCount: 0, pages: new Map() };
  let open = new Map<number, Uint8Array>();
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= bytes.length; at += FRAME_HEADER + pageSize) {
    if (view.getUint32(at + 8) !== view.getUint32(16) || view.getUint32(at + 12) !== view.getUint32(20)) break;
    sum = checksum(view, at, 8, sum, little);
    sum = checksum(view, at + FRAME_HEADER, pageSize, sum, little);
    if (sum[0] !== view.getUint32(at + 16) || sum[1] !== view.getUint32(at + 20)) break;
    open.set(view.getUint32(at), new Uint8Array(bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + pageSize)));
    const size = view.getUint32(at + 4);
    if (size === 0) continue;
    for (const [number, page] of open) committed.pages.set(number, page);
    committed.pageCount = size;
    open = new Map();
  }
  return committed.pageCount > 0 ? committed : undefined;
}

function checksum(
  view: DataView,
  start: number,
  length: number,
  sum: [number, number],
  little: boolean,
): [number, number] {
  let [a, b] = sum;
  for (let at = start; at < start + length; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0;
    b = (b + view.getUint32(at + 4, little) + a) >>> 0;
  }
  return [a, b];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
