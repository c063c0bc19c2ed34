import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '#client/index.ts';

/** Answers kept by the page. `onSignedOut` is told when the server no longer knows the session. */
export function createQueries(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < 2 && isPassing(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
    },
  });
}

/** No answer at all, or a server that says it is busy: asking again may help. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && [0, 429, 502, 503, 504].includes(error.status);
}
