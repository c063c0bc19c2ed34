/** What went wrong between us and a source of images. */
export type RegistryErrorCode =
  | 'unreachable'
  | 'unauthorized'
  | 'denied'
  | 'manifest-unknown'
  | 'blob-unknown'
  | 'rate-limited'
  | 'invalid'
  | 'digest-mismatch'
  | 'too-large'
  | 'unsupported';

/** A registry or archive did not give what was asked for. The message is for people and holds no credentials. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  /** HTTP status, when a registry answered. */
  readonly status: number | undefined;
  /** When to try again, milliseconds since 1970, as told by the registry. */
  readonly retryAt: number | undefined;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: { cause?: unknown; status?: number; retryAt?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryAt = options.retryAt;
  }
}
