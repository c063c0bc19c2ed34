import { Button, SegmentedControl, Select } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { windlassNotificationsOperations } from '#contract/windlass-notifications.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { changedSearch, type SearchChange } from '../routes/changed-search.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { announce, announceError } from '../states/announce.ts';
import { Nothing } from '../states/nothing.tsx';
import { Notice } from '../states/notice.tsx';
import { DataTable } from '../table/data-table.tsx';
import { deliveryColumns } from './delivery-columns.tsx';
import { NotificationLinks } from './notification-links.tsx';
import type { DeliveriesSearch } from './notifications-search.ts';
import { useReceivers } from './use-receivers.ts';

const route = getRouteApi('/app/notifications/deliveries');
const LIMIT = 200;

/** Every event on its way to a receiver, newest first. */
export function DeliveriesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayReplay = useMay('updateNotificationEndpointConfiguration');
  const { rows: receivers } = useReceivers();
  const { state, receiver, before } = search;
  const list = windlassNotificationsOperations.list_notification_deliveries;
  const filter = receiver ? { configuration: receiver } : {};
  const deliveries = useOperation(
    list,
    { query: { ...filter, limit: String(LIMIT), ...(state ? { state } : {}), ...(before ? { before } : {}) } },
    { keepPrevious: true, every: () => (before ? false : 5_000) },
  );
  const dead = useOperation(list, { query: { ...filter, state: 'dead', limit: '1000' } }, { every: () => 30_000 });
  const replay = useAction(windlassNotificationsOperations.replay_notification_delivery, {
    refreshes: [list],
    onDone: () => announce('It will be delivered once more'),
  });
  const { mutate } = replay;
  const columns = useMemo(() => {
    const names = new Map(
      receivers?.map(({ kind, configuration }) => [configuration.uuid, configuration.description || kind.title]),
    );
    return deliveryColumns(
      (uuid) => names.get(uuid) ?? uuid,
      mayReplay
        ? (id) => mutate({ params: { delivery_id: id } }, { onError: (error) => announceError(error) })
        : undefined,
    );
  }, [receivers, mutate, mayReplay]);
  const change = (part: SearchChange<DeliveriesSearch>) =>
    void navigate({
      to: '/notifications/deliveries',
      search: changedSearch(search, { before: undefined, ...part }),
      replace: true,
    });
  const rows = deliveries.data?.items;
  const deadCount = dead.data?.items.length ?? 0;
  return (
    <>
      <PageTitle
        title="Notifications"
        about="Events on their way to receivers. Failed deliveries are tried again, later each time."
      />
      <NotificationLinks />
      {deadCount > 0 && state !== 'dead' ? (
        <Notice kind="warning" mb="md" title={`${deadCount} not delivered`}>
          These were given up after the last attempt.{' '}
          <Button variant="subtle" size="compact-sm" onClick={() => change({ state: 'dead' })}>
            Show them
          </Button>
        </Notice>
      ) : null}
      <DataTable
        label="Deliveries"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        error={deliveries.error}
        retry={() => void deliveries.refetch()}
        search="Search event or error"
        filters={
          <>
            <SegmentedControl
              aria-label="State"
              value={state ?? ''}
              onChange={(value) => change({ state: (value || undefined) as 'dead' })}
              data={[
                { value: '', label: 'All' },
                { value: 'pending', label: 'Waiting' },
                { value: 'delivered', label: 'Delivered' },
                { value: 'dead', label: 'Given up' },
              ]}
            />
            <Select
              aria-label="Receiver"
              placeholder="Any receiver"
              data={(receivers ?? []).map(({ kind, configuration }) => ({
                value: configuration.uuid ?? '',
                label: configuration.description || kind.title,
              }))}
              value={receiver ?? null}
              onChange={(value) => change({ receiver: value ?? undefined })}
              clearable
              w={190}
            />
          </>
        }
        csv="windlass-deliveries"
        empty={
          <Nothing title={state === 'dead' ? 'Nothing was given up' : 'No deliveries'}>
            An event that a selector chooses is listed here for each receiver.
          </Nothing>
        }
        footer={
          rows && rows.length >= LIMIT ? (
            <Button variant="default" mt="md" onClick={() => change({ before: rows.at(-1)?.created_at ?? '' })}>
              Older
            </Button>
          ) : null
        }
      />
    </>
  );
}
