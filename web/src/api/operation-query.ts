import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ApiError, CallInput, CallResult } from '#client/index.ts';
import type { Operation } from '#contract/operation.ts';
import { useAccountScope } from './account-scope.ts';
import { client } from './client.ts';

/** How a read is kept up to date. */
export interface ReadOptions<T> {
  enabled?: boolean;
  /** Milliseconds between reads, decided from the last answer; false for none. */
  every?: (data: T | undefined) => number | false;
  /** Show the previous answer while another page, order or filter loads. */
  keepPrevious?: boolean;
  staleMs?: number;
}

/** Key under which the answers of an operation are kept; a prefix of it names all its answers. */
export function operationKey(operation: Operation, account?: string, input?: unknown): unknown[] {
  if (input !== undefined) return [operation.id, account ?? '', input];
  return account === undefined ? [operation.id] : [operation.id, account];
}

/** Query settings of a read, for hooks and for route guards. */
export function readOperation<O extends Operation>(
  operation: O,
  input: CallInput<O>,
  account: string | undefined,
  options: ReadOptions<CallResult<O>> = {},
) {
  const { every, keepPrevious, staleMs, enabled } = options;
  return queryOptions<CallResult<O>, ApiError>({
    queryKey: operationKey(operation, account ?? '', input),
    queryFn: ({ signal }) => {
      const call = client.call as (o: Operation, input: unknown, options: object) => Promise<CallResult<O>>;
      return call(operation, input, { signal, ...(account === undefined ? {} : { account }) });
    },
    ...(enabled === undefined ? {} : { enabled }),
    ...(staleMs === undefined ? {} : { staleTime: staleMs }),
    ...(every ? { refetchInterval: (query) => every(query.state.data) } : {}),
    ...(keepPrevious ? { placeholderData: (previous: CallResult<O> | undefined) => previous as never } : {}),
  });
}

/** Reads an operation of the contract in the account of the page. */
export function useOperation<O extends Operation>(
  operation: O,
  input: CallInput<O>,
  options: ReadOptions<CallResult<O>> = {},
): UseQueryResult<CallResult<O>, ApiError> {
  const { account } = useAccountScope();
  return useQuery(readOperation(operation, input, account, options)) as UseQueryResult<CallResult<O>, ApiError>;
}
