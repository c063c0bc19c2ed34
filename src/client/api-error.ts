/** Problem details of a routing or validation error (RFC 7807). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** A call that did not succeed. Status 0: there was no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Machine-readable name of an application error, e.g. `not_found`. */
  readonly errorType: string | undefined;
  /** Fields of an application error. */
  readonly detail: Record<string, unknown>;
  /** Set for routing and validation errors. */
  readonly problem: ProblemDetails | undefined;
  /** Id under which the server logged the request. */
  readonly requestId: string | undefined;

  constructor(
    status: number,
    message: string,
    more: {
      errorType?: string | undefined;
      detail?: Record<string, unknown> | undefined;
      problem?: ProblemDetails | undefined;
      requestId?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.status = status;
    this.errorType = more.errorType;
    this.detail = more.detail ?? {};
    this.problem = more.problem;
    this.requestId = more.requestId;
  }
}

/** Reads the error body of an answer, whichever of its shapes it has. */
export async function readApiError(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('anchore-request-id') ?? undefined;
  const text = await response.text().catch(() => '');
  const body = parse(text);
  const { status } = response;
  if (!body) return new ApiError(status, text.slice(0, 500) || response.statusText || `HTTP ${status}`, { requestId });
  if (typeof body.detail === 'string') {
    const problem = { type: 'about:blank', title: response.statusText, status, ...body } as ProblemDetails;
    return new ApiError(status, problem.detail, { problem, requestId });
  }
  const message = typeof body.message === 'string' ? body.message : JSON.stringify(body).slice(0, 500);
  const errorType = typeof body.error_type === 'string' ? body.error_type : undefined;
  return new ApiError(status, message, { errorType, detail: record(body.detail) ?? record(body), requestId });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
