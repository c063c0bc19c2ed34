/** Values a client may read beside the message. `error_codes` is always present in the answer. */
export interface ErrorDetail {
  error_codes?: string[];
  [field: string]: unknown;
}

/** Options of an application error. */
export interface AppErrorOptions {
  /** Machine-readable name, e.g. `image_not_found`. Default: derived from the status. */
  type?: string;
  detail?: ErrorDetail;
  cause?: unknown;
  headers?: Record<string, string>;
}

/** An error that the caller of the API is meant to see: it becomes a JSON answer with this status and message. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly httpStatus: number;
  readonly errorType: string;
  readonly detail: ErrorDetail;
  readonly headers: Record<string, string>;

  constructor(httpStatus: number, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.httpStatus = httpStatus;
    this.errorType = options.type ?? DEFAULT_TYPES[httpStatus] ?? 'error';
    this.detail = options.detail ?? {};
    this.headers = options.headers ?? {};
  }
}

const DEFAULT_TYPES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'precondition_failed',
  415: 'unsupported_media_type',
  500: 'internal_error',
  501: 'not_implemented',
  503: 'unavailable',
};

/** 400: the request cannot be carried out as it is; the message names the field and the reason. */
export function badRequest(message: string, detail?: ErrorDetail): AppError {
  return new AppError(400, message, detail ? { detail } : {});
}

/** 401: answered as plain text with a Basic challenge. */
export function unauthorized(message = 'Unauthorized'): AppError {
  return new AppError(401, message);
}

/** 403 with any message. */
export function forbidden(message: string): AppError {
  return new AppError(403, message);
}

/** 403 for a lacking permission; agents match the start of this message. */
export function permissionDenied(domain: string, action: string, target = '*'): AppError {
  return new AppError(403, `Not authorized. Requires permissions: domain=${domain} action=${action} target=${target}`);
}

/** 403 for a member of an account that is not enabled. */
export function accountNotEnabled(account: string): AppError {
  return new AppError(403, `Not authorized. Account ${account} not enabled.`);
}

/** 404: a thing that does not exist in the scope of the request. */
export function notFound(message: string, detail?: ErrorDetail): AppError {
  return new AppError(404, message, detail ? { detail } : {});
}

/** 404 for an unknown account name; agents match this message. */
export function accountNotFound(name: string): AppError {
  return new AppError(404, `User account not found. Name=${name}`);
}

/** 409: the state of the thing forbids the change, or it exists already. */
export function conflict(message: string, detail?: ErrorDetail): AppError {
  return new AppError(409, message, detail ? { detail } : {});
}
