import { ActionIcon, Anchor, Switch } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Subscription } from '#contract/repositories.ts';
import { Ago } from '../states/ago.tsx';
import type { Column } from '../table/column.ts';
import { typeName } from './subscription-types.ts';

/** What can be done with a row; absent when the reader may not. */
export interface SubscriptionActions {
  change?: (subscription: Subscription, active: boolean) => void;
  remove?: (subscription: Subscription) => void;
}

/** Columns of subscriptions. */
export function subscriptionColumns({ change, remove }: SubscriptionActions): Column<Subscription>[] {
  return [
    {
      id: 'key',
      title: 'Watched',
      least: 180,
      value: (row) => row.subscription_key,
      cell: (row) => <Watched row={row} />,
    },
    { id: 'type', title: 'For', width: 136, value: (row) => typeName(row.subscription_type) },
    {
      id: 'active',
      title: 'Active',
      width: 84,
      descendingFirst: true,
      value: (row) => row.active === true,
      cell: (row) => (
        <Switch
          aria-label={`${typeName(row.subscription_type)} of ${row.subscription_key}`}
          checked={row.active === true}
          disabled={!change}
          onChange={(event) => change?.(row, event.currentTarget.checked)}
        />
      ),
    },
    {
      id: 'changed',
      title: 'Changed',
      width: 116,
      align: 'right',
      from: 800,
      descendingFirst: true,
      value: (row) => row.last_updated,
      cell: (row) => <Ago time={row.last_updated} />,
    },
    {
      id: 'remove',
      title: '',
      width: 60,
      from: 600,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (row) =>
        remove ? (
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={`Delete ${typeName(row.subscription_type)} of ${row.subscription_key}`}
            onClick={() => remove(row)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        ) : null,
    },
  ];
}

function Watched({ row }: { row: Subscription }) {
  const key = row.subscription_key ?? '';
  if (row.subscription_type === 'runtime_inventory') return <b>{key}</b>;
  return (
    <Anchor
      size="sm"
      fw={600}
      className="truncate"
      title={key}
      renderRoot={(props) => <Link to="/images" search={{ search: key }} {...props} />}
    >
      {key}
    </Anchor>
  );
}
