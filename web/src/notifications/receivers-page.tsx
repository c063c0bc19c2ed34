import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { KindSwitches } from './kind-switches.tsx';
import { NotificationLinks } from './notification-links.tsx';
import { receiverColumns } from './receiver-columns.tsx';
import { ReceiverDialog } from './receiver-dialog.tsx';
import { ReceiverDrawer } from './receiver-drawer.tsx';
import { useReceivers } from './use-receivers.ts';

const route = getRouteApi('/app/notifications');

/** Who is told of events, and how that went. */
export function ReceiversPage() {
  const { receiver } = route.useSearch();
  const navigate = useNavigate();
  const mayAdd = useMay('createNotificationEndpointConfiguration');
  const [adding, dialog] = useDisclosure(false);
  const receivers = useReceivers();
  const columns = useMemo(
    () =>
      receiverColumns(
        ({ configuration }) => void navigate({ to: '/notifications', search: { receiver: configuration.uuid ?? '' } }),
      ),
    [navigate],
  );
  return (
    <>
      <PageTitle title="Notifications" about="Receivers are told of the events that their selectors choose.">
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add receiver
          </Button>
        ) : null}
      </PageTitle>
      <NotificationLinks />
      <KindSwitches enabled={receivers.enabled} />
      <DataTable
        label="Receivers"
        columns={columns}
        rows={receivers.rows}
        rowKey={({ configuration }) => configuration.uuid ?? ''}
        error={receivers.error}
        retry={() => void receivers.refetch()}
        search="Search receivers"
        sort={{ id: 'name', descending: false }}
        onRowClick={({ configuration }) =>
          void navigate({ to: '/notifications', search: { receiver: configuration.uuid ?? '' } })
        }
        empty={
          <Nothing title="Nobody is told of events yet">
            Add a receiver: a chat channel, a mail address, an issue tracker or a webhook.
          </Nothing>
        }
      />
      {adding ? <ReceiverDialog onClose={dialog.close} /> : null}
      <ReceiverDrawer
        receiver={receivers.rows?.find(({ configuration }) => configuration.uuid === receiver)}
        onClose={() => void navigate({ to: '/notifications', search: {} })}
      />
    </>
  );
}
