/** Why a vulnerability database could not be taken. */
export type FeedErrorCode =
  | 'unreachable'
  | 'bad-listing'
  | 'checksum-mismatch'
  | 'truncated'
  | 'corrupt'
  | 'unsupported-format'
  | 'unsupported-schema'
  | 'missing-table'
  | 'no-space'
  | 'aborted';

/** A vulnerability database that cannot be used. The message says what to do about it where that is known. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly code: FeedErrorCode;
  /** Name of the source beside the database that is to blame, when it is one. */
  source?: string;
  constructor(code: FeedErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
