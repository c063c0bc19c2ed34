import type { FileContent } from '../../image/types.ts';

const MAGIC = 'SQLite format 3\0';

/** Pages of a database; numbers start at 1. */
export interface SqlitePages {
  readonly pageSize: number;
  /** Bytes of a page that hold content: the page size without the reserved tail. */
  readonly usableSize: number;
  readonly pageCount: number;
  /** Undefined: beyond the end of the file. A last page that is cut short counts as missing. */
  page(number: number): Uint8Array | undefined;
}

/** True when the bytes start like a SQLite 3 database. */
export function isSqlite(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  for (let i = 0; i < 16; i++) if (head[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
}

/** Opens the main file of a database. Undefined when the header is no header of SQLite 3. */
export function openPages(content: FileContent): SqlitePages | undefined {
  const header = content.read(0, 100);
  if (header.length < 100 || !isSqlite(header)) return undefined;
  const stored = ((header[16] as number) << 8) | (header[17] as number);
  const pageSize = stored === 1 ? 65_536 : stored;
  const usableSize = pageSize - (header[20] as number);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usableSize < 480) return undefined;
  return {
    pageSize,
    usableSize,
    pageCount: Math.floor(content.size / pageSize),
    page(number) {
      if (!Number.isInteger(number) || number < 1) return undefined;
      const bytes = content.read((number - 1) * pageSize, pageSize);
      return bytes.length === pageSize ? bytes : undefined;
    },
  };
}
