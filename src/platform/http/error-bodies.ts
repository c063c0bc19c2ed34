import { STATUS_CODES } from 'node:http';
import { AppError } from '#shared/errors.ts';

/** A routing or request-validation error: answered as problem details (RFC 7807). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(status: number, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** An error as it goes over the wire. */
export interface ErrorAnswer {
  status: number;
  contentType: string;
  body: string;
  headers: Record<string, string>;
  /** The error is a fault of the server and must be logged in full. */
  fault: boolean;
}

const NOT_FOUND = 'The requested URL was not found on the server. Check the spelling of its path.';

/** 404 for a path that no operation has. */
export function routeNotFound(): ProblemError {
  return new ProblemError(404, NOT_FOUND);
}

/** 405 for a path that has other methods. Agents compare the detail text exactly. */
export function methodNotAllowed(allowed: readonly string[]): ProblemError {
  return new ProblemError(405, 'Method Not Allowed', { allow: allowed.join(', ') });
}

/**
 * Renders any thrown value. Application errors carry the fields of both API generations, routing and validation errors
 * are problem details (in which `detail` is a text), 401 is plain text with a Basic challenge, and whatever is left is a 500 that names only the
 * request id.
 */
export function renderError(error: unknown, requestId: string): ErrorAnswer {
  if (error instanceof ProblemError) return problem(error.status, error.message, error.headers);
  if (error instanceof AppError) {
    if (error.httpStatus === 401) return challenge(error.headers);
    return application(error, error.httpStatus >= 500 && error.httpStatus !== 501);
  }
  const unstorable = unstorableValue(error);
  if (unstorable) return problem(400, unstorable, {});
  const status = frameworkStatus(error);
  if (status === 413) return problem(400, 'The request body is too large', {});
  if (status)
    return problem(status, error instanceof Error ? error.message : (STATUS_CODES[status] ?? 'Bad Request'), {});
  const fault = new AppError(500, `Internal server error, request id ${requestId}`, {
    detail: { request_id: requestId },
  });
  return application(fault, true);
}

function application(error: AppError, fault: boolean): ErrorAnswer {
  const status = error.httpStatus;
  const body = {
    code: status,
    httpcode: status,
    error_type: error.errorType,
    message: error.message,
    detail: { error_codes: [], ...error.detail },
  };
  return { status, contentType: 'application/json', body: JSON.stringify(body), headers: error.headers, fault };
}

/** Extension members carry what clients of both API generations look for in any error. */
function problem(status: number, detail: string, headers: Record<string, string>): ErrorAnswer {
  const title = STATUS_CODES[status] ?? 'Error';
  const extensions = { code: status, httpcode: status, message: detail };
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, ...extensions });
  return { status, contentType: 'application/problem+json', body, headers, fault: false };
}

function challenge(headers: Record<string, string>): ErrorAnswer {
  return {
    status: 401,
    contentType: 'text/plain; charset=utf-8',
    body: 'Unauthorized',
    headers: { 'www-authenticate': 'basic realm="Authentication required"', ...headers },
    fault: false,
  };
}

/** What PostgreSQL says about values which no column can hold, by SQLSTATE. They come from the request unchecked. */
const UNSTORABLE: Record<string, string> = {
  '22021': 'The request holds a character that cannot be stored, such as NUL',
  '22P05': 'The request holds a character that cannot be stored, such as NUL',
  '22003': 'The request holds a number that is out of range',
  '22008': 'The request holds a time that is out of range',
  '54000': 'The request holds a value that is too long',
};

function unstorableValue(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? UNSTORABLE[code] : undefined;
}

/** Status of an error that the HTTP framework raised about the request itself. */
function frameworkStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code } = error as Error & { statusCode?: unknown; code?: unknown };
  const framework = typeof code === 'string' && code.startsWith('FST_');
  return framework && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
