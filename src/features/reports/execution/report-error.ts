import { GraphQLError } from 'graphql';

/** What went wrong, for programs. It is `extensions.code` of the error. */
export type ReportErrorCode =
  | 'QUERY_TOO_DEEP'
  | 'QUERY_TOO_LARGE'
  | 'LIMIT_OUT_OF_RANGE'
  | 'ANSWER_TOO_LARGE'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'TOKEN_INVALID'
  | 'FILTER_INVALID'
  | 'NOT_FOUND'
  | 'NOT_AVAILABLE'
  | 'INTERNAL';

/** An error that the caller of a report is meant to read. */
export function reportError(code: ReportErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
