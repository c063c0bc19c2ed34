/** One entry of a ZIP central directory (APPNOTE 6.3.10, 4.3.12). */
export interface ZipEntry {
  /** Path as stored, `/`-separated; never cleaned. */
  name: string;
  /** 0 stored, 8 deflate, 93 Zstandard; others cannot be read. */
  method: number;
  encrypted: boolean;
  compressedSize: number;
  /** Size after inflating, as claimed. */
  size: number;
  crc32: number;
  /** Offset of the local header in the source. */
  offset: number;
}

/** A ZIP archive whose directory has been read. */
export interface ZipArchive {
  entries: ZipEntry[];
  /** True: the directory broke off or was cut by a limit; `entries` has what was read before. */
  incomplete: boolean;
  /** Bytes before the archive proper (start script of executable jars). */
  prefix: number;
}

/** Why an archive or entry cannot be read. */
export type ZipFailure = 'no-directory' | 'encrypted' | 'unsupported-method' | 'too-large' | 'corrupt';

/** Thrown by the reader for broken or refused input. */
export class ZipError extends Error {
  readonly failure: ZipFailure;

  constructor(failure: ZipFailure, message: string) {
    super(message);
    this.name = 'ZipError';
    this.failure = failure;
  }
}
