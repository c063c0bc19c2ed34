import { useQueries } from '@tanstack/react-query';
import { notificationsOperations } from '#contract/notifications.ts';
import { useAccountScope } from '../api/account-scope.ts';
import { readOperation, useOperation } from '../api/operation-query.ts';
import { type Configuration, KINDS } from './kinds.ts';
import type { Receiver } from './receiver-columns.tsx';

/** Receivers of all kinds; `rows` is undefined until every kind has answered. */
export function useReceivers() {
  const endpoints = useOperation(notificationsOperations.list_endpoints, {});
  const { account } = useAccountScope();
  const lists = useQueries({ queries: KINDS.map((kind) => readOperation(kind.operations.list, {}, account)) });
  const enabled = (name: string) => endpoints.data?.find((one) => one.name === name)?.enabled !== false;
  const loaded = endpoints.data !== undefined && lists.every(({ data }) => data !== undefined);
  const rows: Receiver[] | undefined = loaded
    ? KINDS.flatMap((kind, index) =>
        ((lists[index]?.data ?? []) as Configuration[]).map((configuration) => ({
          kind,
          configuration,
          enabled: enabled(kind.name),
        })),
      )
    : undefined;
  return {
    rows,
    enabled,
    error: endpoints.error ?? lists.find(({ error }) => error)?.error,
    refetch: () => Promise.all([endpoints.refetch(), ...lists.map((list) => list.refetch())]),
  };
}
