import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiError, CallInput, CallResult } from '#client/index.ts';
import type { Operation } from '#contract/operation.ts';
import { useAccountScope } from './account-scope.ts';
import { client } from './client.ts';
import { operationKey } from './operation-query.ts';

/** What happens around a change. */
export interface ActionOptions<O extends Operation> {
  /** Reads whose answers the change makes old. */
  refreshes?: readonly Operation[];
  onDone?: (result: CallResult<O>, input: CallInput<O>) => void;
}

/** Calls an operation that changes something, in the account of the page. */
export function useAction<O extends Operation>(
  operation: O,
  { refreshes = [], onDone }: ActionOptions<O> = {},
): UseMutationResult<CallResult<O>, ApiError, CallInput<O>> {
  const queries = useQueryClient();
  const { account } = useAccountScope();
  return useMutation<CallResult<O>, ApiError, CallInput<O>>({
    mutationFn: (input) => {
      const call = client.call as (o: Operation, input: unknown, options: object) => Promise<CallResult<O>>;
      return call(operation, input, account === undefined ? {} : { account });
    },
    onSuccess: (result, input) => onDone?.(result, input),
    onSettled: () =>
      Promise.all(refreshes.map((read) => queries.invalidateQueries({ queryKey: operationKey(read) }))).then(
        () => undefined,
      ),
  });
}
