import type { TarEntryType } from '../formats/tar/index.ts';
import { ByteColumn } from './columns.ts';
import { ENTRY_TYPES, type EntryColumns } from './layer-record.ts';

const TYPE_CODES = new Map<TarEntryType, number>(ENTRY_TYPES.map((type, code) => [type, code]));

/** What `EntryWriter.add` keeps of an entry. */
export interface NewEntry {
  path: string;
  type: TarEntryType;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Target as written, of symlinks and hard links. */
  link?: string;
}

/** Builds `EntryColumns` row by row. */
export class EntryWriter {
  count = 0;
  readonly #paths = new ByteColumn(64 * 1024);
  #rows = rowArrays(256);
  readonly #links: string[] = [];
  readonly #bindings = new Map<number, number>();
  readonly #sha256 = new ByteColumn();
  readonly #md5 = new ByteColumn();
  #digestRows = 0;
  /** Newest entry of each path; built when the first hard link asks, since most layers have none. */
  #byPath: Map<string, number> | undefined;

  /** Appends an entry and returns its index. A hard link is bound here, to what its target names at this moment. */
  add(entry: NewEntry, linkPath?: string): number {
    const index = this.count;
    if (entry.type === 'hardlink') this.#bindings.set(index, linkPath === undefined ? -1 : this.#contentAt(linkPath));
    this.#paths.appendText(entry.path);
    if (index === this.#rows.types.length) this.#rows = grown(this.#rows);
    const rows = this.#rows;
    rows.pathEnds[index] = this.#paths.length;
    rows.types[index] = TYPE_CODES.get(entry.type)!;
    rows.modes[index] = entry.mode;
    rows.uids[index] = entry.uid;
    rows.gids[index] = entry.gid;
    rows.sizes[index] = entry.size;
    rows.extras[index] = entry.link === undefined ? -1 : this.#links.push(entry.link) - 1;
    this.#byPath?.set(entry.path, index);
    this.count++;
    return index;
  }

  /** Stores the digests of a file entry. */
  setDigests(index: number, sha256: Uint8Array, md5?: Uint8Array): void {
    this.#rows.extras[index] = this.#digestRows++;
    this.#sha256.append(sha256);
    if (md5 !== undefined) this.#md5.append(md5);
  }

  size(index: number): number {
    return this.#rows.sizes[index]!;
  }

  mode(index: number): number {
    return this.#rows.modes[index]!;
  }

  /** Hard links by entry, with the entry that holds their content. */
  get bindings(): ReadonlyMap<number, number> {
    return this.#bindings;
  }

  finish(): EntryColumns {
    return {
      count: this.count,
      paths: this.#paths.finish(),
      ...rowArrays(this.count, this.#rows),
      links: this.#links,
      bindings: this.#bindings,
      sha256: this.#sha256.finish(),
      md5: this.#md5.finish(),
    };
  }

  #contentAt(path: string): number {
    if (this.#byPath === undefined) {
      this.#byPath = new Map();
      const paths = Buffer.from(this.#paths.finish().buffer);
      let start = 0;
      for (let i = 0; i < this.count; i++) {
        const end = this.#rows.pathEnds[i]!;
        this.#byPath.set(paths.toString('utf8', start, end), i);
        start = end;
      }
    }
    const index = this.#byPath.get(path);
    if (index === undefined) return -1;
    const type = this.#rows.types[index];
    if (type === 3) return this.#bindings.get(index) ?? -1;
    return type === 1 ? -1 : index;
  }
}

type Rows = Pick<EntryColumns, 'pathEnds' | 'types' | 'modes' | 'uids' | 'gids' | 'sizes' | 'extras'>;

/** Arrays for `length` rows, with as many of the rows of `from` as fit. */
function rowArrays(length: number, from?: Rows): Rows {
  const rows: Rows = {
    pathEnds: new Uint32Array(length),
    types: new Uint8Array(length),
    modes: new Uint16Array(length),
    uids: new Uint32Array(length),
    gids: new Uint32Array(length),
    sizes: new Float64Array(length),
    extras: new Int32Array(length),
  };
  if (from !== undefined) {
    const count = Math.min(length, from.types.length);
    for (const key of Object.keys(rows) as (keyof Rows)[]) rows[key].set(from[key].subarray(0, count));
  }
  return rows;
}

function grown(rows: Rows): Rows {
  return rowArrays(rows.types.length * 2, rows);
}
