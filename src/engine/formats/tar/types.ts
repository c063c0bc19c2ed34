/** What a tar entry is. Type flags this reader does not know count as files, as POSIX asks. */
export type TarEntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character-device' | 'block-device' | 'fifo';

/**
 * One entry, with GNU and PAX extensions already applied. Names are raw bytes: they need not be UTF-8, nor
 * safe; `name` and `link` are valid only during the call.
 */
export interface TarEntry {
  type: TarEntryType;
  name: Uint8Array;
  /** Target of a symlink or hard link, else empty. */
  link: Uint8Array;
  /** Permission and set-id bits only. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of the file as it would be after extraction: for sparse files, with holes. */
  size: number;
  /** Seconds since 1970; negative before. */
  mtime: number;
  deviceMajor: number;
  deviceMinor: number;
  /** Extended attributes (`SCHILY.xattr.*`), raw values. */
  xattrs?: Map<string, Uint8Array>;
  sparse: boolean;
}

/** Why a tar stream could not be read as a whole. */
export interface TarProblem {
  code: 'tar-truncated' | 'tar-corrupt' | 'tar-metadata-too-large' | 'tar-sparse-invalid';
  message: string;
  /** Name of the entry, when known. */
  name?: Uint8Array;
}

/** Receives the entries of a tar stream, in order. */
export interface TarHandler {
  /** A new entry. Return true to be given its content through `data` and `entryEnd`. */
  entry(entry: TarEntry): boolean;
  /** Part of the wanted entry's content. The bytes are valid only during the call. */
  data(chunk: Uint8Array): void;
  /** Content is over; `complete` is false when the stream ended before it did. Called for wanted entries only. */
  entryEnd(complete: boolean): void;
  problem(problem: TarProblem): void;
}
