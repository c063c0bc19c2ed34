import { z } from 'zod';

/** Body of an application error. The server adds `httpcode` for older clients. */
export const ApiErrorResponse = z
  .object({
    /** The HTTP status. */
    code: z.int().optional(),
    httpcode: z.int().optional(),
    error_type: z.string().optional(),
    message: z.string().optional(),
    detail: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ApiErrorResponse' });
export type ApiErrorResponse = z.output<typeof ApiErrorResponse>;

/** Body of a routing or validation error: problem details of RFC 7807, `application/problem+json`. */
export const Problem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof Problem>;
