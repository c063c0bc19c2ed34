import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { subscriptionsOperations } from '#contract/subscriptions.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announceError } from '../states/announce.ts';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { AddSubscriptionDialog } from './add-subscription-dialog.tsx';
import { subscriptionColumns } from './subscription-columns.tsx';
import { SUBSCRIPTION_TYPES } from './subscription-types.ts';
import { WatchRepositoryDialog } from './watch-repository-dialog.tsx';

const READS = [subscriptionsOperations.list_subscriptions];

/** Tags, repositories and clusters that are watched, and for what. */
export function SubscriptionsPage() {
  const [type, setType] = useState<string | null>(null);
  const mayAdd = useMay('createSubscription');
  const mayWatch = useMay('createRepository');
  const mayChange = useMay('updateSubscription');
  const mayDelete = useMay('deleteSubscription');
  const [adding, dialog] = useDisclosure(false);
  const [watching, watch] = useDisclosure(false);
  const list = useOperation(
    subscriptionsOperations.list_subscriptions,
    { query: type ? { subscription_type: type } : {} },
    { keepPrevious: true },
  );
  const update = useAction(subscriptionsOperations.update_subscription, { refreshes: READS });
  const remove = useAction(subscriptionsOperations.delete_subscription, { refreshes: READS });
  const { mutate: change } = update;
  const { mutate: drop } = remove;
  const columns = useMemo(() => {
    const onError = (error: unknown) => announceError(error);
    return subscriptionColumns({
      ...(mayChange
        ? {
            change: ({ subscription_id: id = '' }, active) =>
              change({ params: { subscription_id: id }, body: { active } }, { onError }),
          }
        : {}),
      ...(mayDelete
        ? { remove: ({ subscription_id: id = '' }) => drop({ params: { subscription_id: id } }, { onError }) }
        : {}),
    });
  }, [change, drop, mayChange, mayDelete]);
  return (
    <>
      <PageTitle title="Subscriptions" about="What is watched, and for which changes.">
        {mayWatch ? (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={watch.open}>
            Watch repository
          </Button>
        ) : null}
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add subscription
          </Button>
        ) : null}
      </PageTitle>
      <DataTable
        label="Subscriptions"
        columns={columns}
        rows={list.data}
        rowKey={(row) => row.subscription_id ?? ''}
        error={list.error}
        retry={() => void list.refetch()}
        search="Search tag, repository or cluster"
        filters={
          <Select
            aria-label="For"
            placeholder="Anything"
            data={Object.entries(SUBSCRIPTION_TYPES).map(([value, { name }]) => ({ value, label: name }))}
            value={type}
            onChange={setType}
            clearable
            w={170}
          />
        }
        sort={{ id: 'key', descending: false }}
        csv="windlass-subscriptions"
        empty={
          <Nothing title={type ? 'Nothing is watched for that' : 'Nothing is watched'}>
            Images that are added from a registry can be watched from the start.
          </Nothing>
        }
      />
      {adding ? <AddSubscriptionDialog onClose={dialog.close} /> : null}
      {watching ? <WatchRepositoryDialog onClose={watch.close} /> : null}
    </>
  );
}
