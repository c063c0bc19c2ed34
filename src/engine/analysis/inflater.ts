/** Push decompressor. `emit` is given views of one buffer, valid only during the call. */
export interface Inflater {
  /** Decompresses a chunk. Throws `InflateError` on corrupt input. */
  write(chunk: Uint8Array): void;
  /** Ends the stream. Throws `InflateError` when it is incomplete. */
  end(): void;
  /** Frees the native state. */
  close(): void;
}

/** The compressed stream is corrupt or ends too early. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
  readonly truncated: boolean;
  constructor(message: string, truncated: boolean) {
    super(message);
    this.truncated = truncated;
  }
}
